//! The pictures that a tenant's file names: what they must be, and what must not be in them.

mod outline;
mod svg;

use std::io;

/// Reads a file beside the tenant's own, by the name that it has there.
pub type ReadPicture<'a> = dyn Fn(&str) -> io::Result<Vec<u8>> + 'a;

/// The bytes that a picture may have.
pub const PICTURE_LIMIT: usize = 100_000;

/// The pictures of a tenant, read and checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Stands in the panel's head.
    pub logo: Option<Picture>,
    /// Stands beside the names of agents.
    pub avatar: Option<Picture>,
    /// The launcher's picture: SVG path data on a grid of 24 by 24, to be filled.
    pub outline: Option<String>,
}

/// A picture with its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The format.
    pub kind: PictureKind,
    /// The file as it is.
    pub bytes: Vec<u8>,
}

/// A format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// SVG.
    Svg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// JPEG.
    Jpeg,
}

impl PictureKind {
    const ALL: [Self; 4] = [Self::Svg, Self::Png, Self::Webp, Self::Jpeg];

    /// Returns the ending of names of files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Jpeg => "JPEG",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let ending = match ending.to_ascii_lowercase().as_str() {
            "jpeg" => "jpg".to_owned(),
            ending => ending.to_owned(),
        };
        Self::ALL.into_iter().find(|kind| kind.ending() == ending)
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| match kind {
            Self::Svg => svg::begins_like_markup(bytes),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
            Self::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
        })
    }
}

/// Says what is wrong with the name of a picture.
pub(super) fn wrong_name(name: &str) -> Option<String> {
    let leads_out = name.starts_with('/') || name.split('/').any(|part| part == "..");
    if name.is_empty() || leads_out || name.contains([':', '\\', '?', '#']) {
        return Some(format!(
            "expected the name of a picture in the folder of this file or below it, such as \
             \"pictures/logo.svg\", found \"{name}\""
        ));
    }
    PictureKind::of_name(name).is_none().then(|| {
        format!(
            "expected a picture that ends in .svg, .png, .webp, .jpg or .jpeg, found \"{name}\""
        )
    })
}

/// Reads a picture whose name is right.
///
/// # Errors
///
/// Says why the file cannot be used.
pub(super) fn picture(name: &str, read: &ReadPicture<'_>) -> Result<Picture, String> {
    let bytes = read(name).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!(
                "there is no file \"{name}\": expected a picture, its name relative to this file"
            )
        }
        _ => format!("cannot read \"{name}\": {error}"),
    })?;
    if bytes.len() > PICTURE_LIMIT {
        return Err(format!(
            "\"{name}\" is larger than the {} kB that a picture may have",
            PICTURE_LIMIT / 1_000
        ));
    }
    let kind = PictureKind::of_name(name).unwrap_or(PictureKind::Svg);
    let found = PictureKind::of_bytes(&bytes);
    if found != Some(kind) {
        let found = found.map_or("no picture that is known here", PictureKind::name);
        return Err(format!(
            "expected \"{name}\" to be {}, it begins like {found}",
            kind.name()
        ));
    }
    if kind == PictureKind::Svg {
        svg::check(&bytes).map_err(|wrong| format!("\"{name}\" {wrong}"))?;
    }
    Ok(Picture { kind, bytes })
}

/// Reads the launcher's picture, and returns its outline as SVG path data.
///
/// # Errors
///
/// Says why it is no drawing in one colour.
pub(super) fn outline(name: &str, read: &ReadPicture<'_>) -> Result<String, String> {
    if PictureKind::of_name(name) != Some(PictureKind::Svg) {
        return Err(format!(
            "expected an SVG file of shapes in one colour, which is painted with the page without a request, \
             found \"{name}\""
        ));
    }
    let picture = picture(name, read)?;
    let text = svg::text(&picture.bytes)?;
    outline::of(text).map_err(|wrong| format!("\"{name}\" {wrong}"))
}
