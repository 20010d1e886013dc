// Which parts of each DiceBear style are used, and what each part shows.
//
// One entry per style. `parts` maps a component to {value of our attribute: [variants]}; the
// attribute is the one named in `as` (by default the component's own name). Variants that could
// not be named honestly by eye at 128 pixels are left out. `omit` lists attributes that may be
// left out altogether (value "none"); `free` components are drawn at random and never captioned.
// `paint` names the option that takes each colour; `fixed` are attributes the style always has;
// `hats` says which hats are drawn in ink and which have the colour of the clothes; `dark` names
// options of thin lines, which get dark colours.

const v = (text) => text.split(" ").map((n) => (/^\d/.test(n) ? `variant${n}` : n));

export const STYLES = {
  adventurer: {
    key: "adventurer", licence: "CC BY 4.0", frame: { scale: 112 },
    paint: { hair: "hairColor", skin: "skinColor" },
    parts: {
      hair: {
        bob: v("long01 long21 long25"), long: v("long04 long05 long07 long20"),
        "long wavy": v("long06 long09 long17"), "long curly": v("long22"), bun: v("long10 short05"),
        buns: v("long13 long23"), ponytail: v("long19"), pigtails: v("long14 long15"),
        braid: v("long16"), afro: v("short03"), short: v("short01 short04 short10 short11 short14"),
        curly: v("short08 short17 short18"), spiky: v("short15 short16"), buzz: v("short19"),
      },
      mouth: {
        smile: v("02 29 10"), laugh: v("05 22 23 25 26 27 28 01"), sad: v("04"),
        open: v("03 18"), neutral: v("09"), tongue: v("12 16"),
      },
      glasses: { sunglasses: v("01"), round: v("03 04"), square: v("02 05") },
      features: { mustache: ["mustache"] },
      earrings: { earrings: v("01 02 03 04 05 06") },
    },
    as: { features: "beard" }, rename: { mustache: "moustache" },
    omit: ["hair", "mouth", "glasses", "beard", "earrings"],
    free: { base: ["default"], eyes: v("01 02 05 10 12 15 20 22 24 26"), eyebrows: v("01 04 07 10 12") },
  },
  lorelei: {
    key: "lorelei", licence: "CC0 1.0", frame: { scale: 118, translateY: 2 },
    paint: { hair: "hairColor", skin: "skinColor" }, paper: 0.65,
    parts: {
      hair: {
        short: v("01 02 03 07 08 12 47"), bob: v("13 19 40"), long: v("15 16 21 23"),
        "long wavy": v("35 29"), "long curly": v("24"), curly: v("05 39"), bun: v("38 46"),
        buns: v("26"), ponytail: v("31 33 42"), mohawk: v("27"), bald: v("34"), spiky: v("04"),
      },
      mouth: {
        smile: ["happy01", "happy02", "happy13"], laugh: ["happy05", "happy06", "happy07", "happy16"],
        sad: ["sad04", "sad05"], open: ["sad01", "sad02"], neutral: ["happy14"], tongue: ["happy09"],
        angry: ["sad06", "sad07"],
      },
      glasses: { round: v("01 03"), sunglasses: v("02"), square: v("04 05") },
      beard: { beard: v("01 02") },
      earrings: { earrings: v("01 02 03") },
    },
    omit: ["mouth", "glasses", "beard", "earrings"],
    free: { head: v("01 02 03 04"), eyes: v("01 04 08 12 16 20 23"), eyebrows: v("01 05 09 13"), nose: v("01 02 03 05") },
  },
  notionists: {
    key: "notionists", licence: "CC0 1.0", frame: { scale: 150, translateY: 6 }, paint: {}, fixed: { hair_colour: "black", skin: "paper" },
    parts: {
      hair: {
        short: v("05 13 24 25 30 35 38 55"), curly: v("09 22 33 40"), bob: v("02 10 35"),
        long: v("23 41 58"), "long wavy": v("28 36"), bun: v("29 48"), buns: v("59"), ponytail: v("39 47"),
        spiky: v("50 51"), buzz: v("60 49"), "hat:cap": ["hat"], "hat:turban": v("61"), "hat:hijab": v("62 63"),
      },
      lips: {
        smile: v("03 17 22 21"), laugh: v("05 14 25 27 30"), sad: v("18 19 24"), open: v("15 16 29"), neutral: v("13 04"),
        tongue: v("12"),
      },
      glasses: { sunglasses: v("02 06 07 10"), square: v("03 08"), round: v("11") },
      beard: { beard: v("02 01"), moustache: v("03 05 10"), goatee: v("08 12") },
      body: {
        jacket: v("16 17"), shirt: v("13 25"), tie: v("20 19"), sweater: v("14 21"), dots: v("15"),
        tshirt: v("11 23"),
      },
    },
    as: { lips: "mouth", body: "clothes" },
    omit: ["mouth", "glasses", "beard"],
    free: { base: v("01"), eyes: v("01 02 03 04 05"), brows: v("01 04 07 10"), nose: v("01 05 09 13 17 20") },
  },
  "open-peeps": {
    key: "openPeeps", licence: "CC0 1.0", frame: { scale: 100 },
    paint: { skin: "skinColor", clothes: "clothingColor", contrast: "headContrastColor" },
    // Most heads draw their hair in black ink; only these take the contrast colour.
    hats: { beanie: "clothes", turban: "clothes", hijab: "ink", hat: "ink" }, contrast: v("bangs grayBun grayMedium grayShort mohawk mohawk2 short4 mediumBangs2"),
    parts: {
      head: {
        afro: v("afro longAfro"), bob: v("bangs2 medium1"), bun: v("bun2 grayBun"), buns: v("buns"),
        braid: v("cornrows2"), dreadlocks: v("dreads1 dreads2"), long: v("long mediumStraight longBangs bangs"),
        "long curly": v("longCurly mediumBangs2"), short: v("short1 short2 short3 short4 short5 grayShort pomp"), flat: v("flatTop flatTopLong"),
        "long wavy": v("medium2 medium3 grayMedium"), mohawk: v("mohawk mohawk2"), bald: v("noHair1"), curly: v("twists"),
        "hat:beanie": v("hatBeanie"), "hat:hat": v("hatHip"), "hat:hijab": v("hijab"), "hat:turban": v("turban"),
      },
      face: {
        smile: v("smile cute calm"), laugh: v("smileBig smileLOL smileTeethGap"),
        sad: v("concerned solemn"), open: v("explaining"), neutral: v("serious blank"),
        angry: v("rage veryAngry"), fear: v("fear concernedFear"),
      },
      accessories: { round: v("glasses2 glasses5"), square: v("glasses glasses3"), sunglasses: v("sunglasses sunglasses2"), eyepatch: v("eyepatch") },
      facialHair: { beard: v("full full2 full3"), goatee: v("goatee1 goatee2"), moustache: v("moustache5 moustache6 moustache7") },
    },
    as: { head: "hair", face: "mouth", accessories: "glasses", facialHair: "beard" },
    omit: ["glasses", "beard"], free: {}, // the face carries the eyes too, so it stays
  },
  "pixel-art": {
    key: "pixelArt", licence: "CC0 1.0", frame: {},
    paint: { hair: "hairColor", skin: "skinColor", clothes: "clothingColor", hat: "hatColor" },
    parts: {
      hair: {
        long: v("long07 long09 long12 long13 long01"), bob: v("long16 long20 long21"), pigtails: v("long18 long19"),
        short: v("short14 short15 short16 short17 short22"), buzz: v("short04 short08"), spiky: v("short12"),
        curly: v("short11 long15"), mohawk: v("short21"),
      },
      mouth: { smile: v("happy05 happy08 happy09 happy10"), laugh: v("happy01 happy12"), sad: v("sad01 sad02 sad08"), neutral: v("sad05 sad06"), open: v("happy02") },
      glasses: { square: v("light05 light06 light02"), round: v("light07"), sunglasses: v("dark01 dark03 dark05") },
      hat: { cap: v("variant06 variant02 variant07"), beanie: v("variant03 variant04") },
      beard: { beard: v("variant01 variant04 variant08") },
      clothing: { tshirt: v("variant03 variant08"), sweater: v("variant05 variant12"), shirt: v("variant18 variant22") },
    },
    as: { clothing: "clothes" }, omit: ["hair", "mouth", "glasses", "hat", "beard"],
    free: { eyes: v("01 03 05 08 11") },
  },
  micah: {
    key: "micah", licence: "CC BY 4.0", frame: {}, dark: ["glassesColor", "earringColor"],
    paint: { hair: "hairColor", skin: "baseColor", clothes: "shirtColor", beard: "facialHairColor", eyebrows: "eyebrowsColor" },
    parts: {
      hair: { short: ["fonze", "dougFunny"], long: ["full"], "long wavy": ["full"], bob: ["pixie"], bald: ["mrClean"], mohawk: ["mrT"], "hat:turban": ["turban"], spiky: ["dannyPhantom"] },
      mouth: { open: ["surprised"], laugh: ["laughing"], smile: ["smile", "smirk"], sad: ["sad", "frown"], angry: ["nervous"], neutral: ["pucker"] },
      glasses: { round: ["round"], square: ["square"] },
      facialHair: { beard: ["beard"], stubble: ["scruff"] },
      earrings: { earrings: ["hoop"] },
      shirt: { tshirt: ["crew"], shirt: ["collared"], jacket: ["open"] },
    },
    as: { facialHair: "beard", shirt: "clothes" },
    omit: ["mouth", "glasses", "beard", "earrings"],
    free: { base: ["standard"], ears: ["attached", "detached"], eyebrows: ["up", "down"], eyes: ["eyes", "round", "smiling"], nose: ["curve", "pointed", "tound"] },
  },
  personas: {
    key: "personas", licence: "CC BY 4.0", frame: { scale: 112, translateY: 0 },
    paint: { hair: "hairColor", skin: "skinColor", clothes: "clothingColor" },
    parts: {
      hair: {
        long: ["long", "extraLong"], bob: ["bobCut", "bobBangs"], afro: ["curly"], curly: ["curlyHighTop"], pigtails: ["pigtails"], bun: ["straightBun", "curlyBun"],
        short: ["shortCombover", "fade"], bald: ["bald"], buzz: ["buzzcut"], mohawk: ["mohawk"], "hat:cap": ["cap"], "hat:beanie": ["beanie"],
      },
      mouth: { smile: ["smile", "smirk"], laugh: ["bigSmile"], sad: ["frown"], open: ["surprise"], pacifier: ["pacifier"], neutral: ["lips"] },
      eyes: { none: ["open", "happy", "sleep", "wink"], square: ["glasses"], sunglasses: ["sunglasses"] },
      facialHair: { beard: ["beardMustache"], moustache: ["walrus", "pyramid"], goatee: ["goatee"], stubble: ["shadow"] },
      body: { shirt: ["checkered"], tshirt: ["squared", "rounded"] },
    },
    as: { eyes: "glasses", facialHair: "beard", body: "clothes" },
    omit: ["mouth", "beard"], free: { nose: ["mediumRound", "smallRound"] },
  },
  "big-smile": {
    key: "bigSmile", licence: "CC BY 4.0", frame: {}, paint: { hair: "hairColor", skin: "skinColor" },
    parts: {
      hair: {
        long: ["bangs", "straightHair"], bowl: ["bowlCutHair"], braid: ["braids"], bun: ["bunHair", "froBun"], "long wavy": ["curlyBob"], bob: ["wavyBob"],
        curly: ["curlyShortHair"], mohawk: ["mohawk"], buzz: ["shavedHead"], short: ["shortHair"],
      },
      mouth: { laugh: ["openedSmile", "teethSmile", "gapSmile", "braces", "awkwardSmile"], sad: ["openSad"], neutral: ["unimpressed"], smile: ["kawaii"] },
      accessories: { round: ["glasses"], sunglasses: ["sunglasses"], catears: ["catEars"], moustache: ["mustache"], facemask: ["faceMask"], clownnose: ["clownNose"] },
    },
    as: { accessories: "glasses" }, omit: ["mouth", "glasses"],
    free: { face: ["base"], eyes: ["cheery", "normal", "confused", "winking", "sleepy", "sad"] },
  },
  "toon-head": {
    key: "toonHead", licence: "CC BY 4.0", frame: { scale: 100 },
    paint: { hair: "hairColor", skin: "skinColor", clothes: "clothesColor" },
    parts: {
      hair: { short: ["sideComed", "undercut"], spiky: ["spiky"], bun: ["bun"] },
      rearHair: { long: ["longStraight"], "long wavy": ["longWavy"], bob: ["shoulderHigh", "neckHigh"] },
      mouth: { laugh: ["laugh"], angry: ["angry"], open: ["agape"], smile: ["smile"], sad: ["sad"] },
      beard: { moustache: ["moustacheTwirl"], beard: ["fullBeard", "longBeard"], goatee: ["chin", "chinMoustache"] },
      clothes: { sweater: ["turtleNeck"], jacket: ["openJacket"], dress: ["dress"], shirt: ["shirt"], tshirt: ["tShirt"] },
    },
    as: { rearHair: "rear" }, omit: ["hair", "mouth", "beard", "rear"],
    free: { body: ["body"], head: ["head"], eyes: ["happy", "wide", "bow", "humble", "wink"], eyebrows: ["raised", "happy", "neutral"] },
  },
  dylan: {
    key: "dylan", licence: "CC BY 4.0", frame: {}, paint: { hair: "hairColor", skin: "skinColor" },
    parts: {
      hair: { short: ["plain", "wavy", "parting"], curly: ["shortCurls"], "long curly": ["longCurls", "fluffy"], spiky: ["spiky"], bob: ["roundBob", "bangs"], buns: ["buns"], flat: ["flatTop"], long: ["shaggy"] },
      mood: { smile: ["happy", "hopeful"], laugh: ["superHappy"], angry: ["angry"], sad: ["sad"], neutral: ["neutral"], fear: ["confused"] },
      facialHair: { stubble: ["default"] },
    },
    as: { mood: "mouth", facialHair: "beard" }, omit: ["beard"], free: {},
  },
  miniavs: {
    key: "miniavs", licence: "CC BY 4.0", frame: { scale: 130, translateY: 2 },
    paint: { hair: "hairColor", skin: "skinColor", clothes: "bodyColor" },
    parts: {
      hair: { bald: ["balndess", "slaughter"], ponytail: ["ponyTail"], long: ["long"], curly: ["curly"], short: ["stylish", "elvis", "classic01", "classic02"] },
      mouth: { laugh: ["default", "missingTooth"] },
      glasses: { round: ["normal"] },
      mustache: { moustache: ["freddy", "horshoe", "pencilThin"], goatee: ["pencilThinBeard"] },
      body: { tshirt: ["tShirt"], shirt: ["golf"] },
    },
    as: { mustache: "beard", body: "clothes" }, omit: ["mouth", "glasses", "beard"],
    free: { head: ["normal", "wide", "thin"], eyes: ["normal", "confident", "happy"] },
  },
  croodles: {
    key: "croodles", licence: "CC BY 4.0", frame: { scale: 118 }, paint: { hair: "topColor", skin: "baseColor" }, paper: 0.65,
    parts: {
      top: {
        short: v("01 03 06 09 29 08"), spiky: v("02"), curly: v("05 10 11"), "long curly": v("18"), long: v("12 14 17"), "long wavy": v("13"), ponytail: v("15"), pigtails: v("16"),
        bald: v("27 28 26"), "hat:hat": v("20"), "hat:beanie": v("21"), "hat:graduate": v("22"), "hat:cap": v("25"), "hat:beret": v("24"),
      },
      mouth: { smile: v("07 02 16"), laugh: v("03 10 11 04"), sad: v("18"), neutral: v("01 06"), open: v("17") },
      beard: { beard: v("04"), stubble: v("01 03") },
      mustache: { moustache: v("01 03 04") },
      // The style draws glasses as part of the eyes.
      eyes: { none: v("01 02 04 11 16"), round: v("13 14"), square: v("15"), sunglasses: v("09"), eyepatch: v("10") },
    },
    as: { top: "hair", mustache: "moustache", eyes: "glasses" }, omit: ["mouth", "beard", "moustache"],
    free: { face: v("01 03 05 07"), nose: v("01 03 05 08") },
  },
  "big-ears": {
    key: "bigEars", licence: "CC BY 4.0", frame: { scale: 110 }, paint: { hair: "hairColor", skin: "skinColor" },
    parts: {
      hair: {
        bob: v("long01 long07 long09"), long: v("long04 long12 long18"), "long wavy": v("long11 long03"), "long curly": v("long13"), buns: v("long05"), bun: v("long06"), pigtails: v("long16"),
        short: v("short05 short13 short14 short16 short20"), curly: v("short18 short07"), spiky: v("short03 short04 short12 short19"), flat: v("short15"),
      },
      mouth: { smile: v("0701 0702 0707"), laugh: v("0204 0302 0304 0601 0501"), sad: v("0705 0404"), neutral: v("0704"), open: v("0104 0105") },
    },
    omit: ["hair", "mouth"],
    free: { eyes: v("01 04 08 15 21 26 29 32"), face: v("01 04 07 10"), nose: v("01 04 07 10"), ear: v("01 04 07"), frontHair: v("01 05 06 12") },
  },
};
