//! Oklab, in which equal distances look equal (CSS Color Module Level 4, section 18).

/// Converts from Oklab to sRGB; what no screen shows is clipped.
pub(super) fn to_srgb(oklab: [f64; 3]) -> [f64; 3] {
    to_linear(oklab).map(|part| gamma(part.clamp(0.0, 1.0)))
}

/// Converts from Oklab to sRGB; what no screen shows loses as much of its chroma as it must.
pub(super) fn to_srgb_in_gamut([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let fits = |parts: &[f64; 3]| parts.iter().all(|part| (-0.000_1..=1.000_1).contains(part));
    (0..=50)
        .map(|step| 1.0 - f64::from(step) / 50.0)
        .map(|chroma| to_linear([lightness, a * chroma, b * chroma]))
        .find(fits)
        .unwrap_or_default()
        .map(|part| gamma(part.clamp(0.0, 1.0)))
}

/// Converts from sRGB to Oklab.
pub(super) fn from_srgb(srgb: [f64; 3]) -> [f64; 3] {
    let [red, green, blue] = srgb.map(linear);
    let l = 0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue;
    let m = 0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue;
    let s = 0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue;
    let [l, m, s] = [l, m, s].map(f64::cbrt);
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// Removes the gamma of an sRGB channel.
pub(super) fn linear(part: f64) -> f64 {
    if part <= 0.040_45 {
        part / 12.92
    } else {
        ((part + 0.055) / 1.055).powf(2.4)
    }
}

fn to_linear([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let lightness = lightness.clamp(0.0, 1.0);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

fn gamma(part: f64) -> f64 {
    if part <= 0.003_130_8 {
        part * 12.92
    } else {
        1.055 * part.powf(1.0 / 2.4) - 0.055
    }
}
