//! A drawing in one colour as a single path: the loader has room for no more, and must not request anything.

use kurbo::{
    Affine, BezPath, Cap, Circle, Ellipse, Join, Line, ParamCurve as _, PathEl, Point, Rect,
    Shape as _, Stroke, StrokeOpts, Vec2,
};
use roxmltree::{Document, Node};

use super::svg::SVG;
use crate::build::colour::Colour;

/// The sides of the grid that the widget's own icons are drawn on.
const GRID: f64 = 24.0;
/// How far a curve may be from what it stands for, on the grid.
const TOLERANCE: f64 = 0.02;
/// The longest path data: every page view fetches it.
const LONGEST: usize = 2_000;

/// Properties that a path cannot have, with the values that change nothing.
const PLAIN: [(&str, &[&str]); 11] = [
    ("transform", &[]),
    ("clip-path", &["none"]),
    ("mask", &["none"]),
    ("filter", &["none"]),
    ("opacity", &["1"]),
    ("fill-opacity", &["1"]),
    ("stroke-opacity", &["1"]),
    ("stroke-dasharray", &["none"]),
    ("marker-end", &["none"]),
    ("display", &["inline"]),
    ("visibility", &["visible"]),
];

/// Returns the outline of an SVG file's drawing as path data, to be filled.
///
/// # Errors
///
/// Says what cannot be drawn as a single path in one colour.
pub(super) fn of(text: &str) -> Result<String, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let mut drawing = Drawing {
        to_grid: to_grid(root)?,
        colour: None,
        path: BezPath::new(),
    };
    drawing.add(root)?;
    let data = path_data(&drawing.path);
    match data.len() {
        0 => Err("has no shapes: expected a drawing in one colour".into()),
        length if length > LONGEST => Err(format!(
            "has an outline of {length} characters, expected {LONGEST} at most: every page view fetches it"
        )),
        _ => Ok(data),
    }
}

/// Returns what moves a file's drawing into the middle of the grid.
fn to_grid(root: Node<'_, '_>) -> Result<Affine, String> {
    let view = match root.attribute("viewBox") {
        Some(view) => view.to_owned(),
        None => {
            let side = |name| {
                root.attribute(name)
                    .unwrap_or_default()
                    .trim_end_matches("px")
            };
            format!("0 0 {} {}", side("width"), side("height"))
        }
    };
    match numbers(&view).as_deref() {
        Some(&[x, y, width, height]) if width > 0.0 && height > 0.0 => {
            let scale = GRID / f64::max(width, height);
            let rest = Vec2::new(GRID - width * scale, GRID - height * scale) / 2.0;
            Ok(Affine::translate(rest) * Affine::scale(scale) * Affine::translate((-x, -y)))
        }
        _ => Err(format!(
            "has a view of \"{view}\": expected a viewBox such as \"0 0 24 24\""
        )),
    }
}

struct Drawing {
    to_grid: Affine,
    /// The colour of the shapes so far, as it stands in the file.
    colour: Option<String>,
    path: BezPath,
}

impl Drawing {
    /// Adds an element and what is in it.
    fn add(&mut self, node: Node<'_, '_>) -> Result<(), String> {
        let name = node.tag_name().name();
        // Editors keep notes in namespaces of their own.
        let is_note = ["title", "desc", "metadata", "defs"].contains(&name);
        if node.tag_name().namespace() != Some(SVG) || is_note {
            return Ok(());
        }
        for (property, plain) in PLAIN {
            if let Some(value) = own(node, property).filter(|value| !plain.contains(value)) {
                return Err(format!(
                    "has {property}=\"{value}\": expected plain shapes in one solid colour"
                ));
            }
        }
        if matches!(name, "svg" | "g") {
            return node
                .children()
                .filter(Node::is_element)
                .try_for_each(|child| self.add(child));
        }
        let shape = shape(node)?;
        if let Some(paint) = self.paint(node, "fill", "#000")? {
            let even_odd = inherited(node, "fill-rule") == Some("evenodd");
            let filled = if even_odd {
                by_nesting(&shape)
            } else {
                shape.clone()
            };
            self.put(&filled, paint)?;
        }
        if let Some(paint) = self.paint(node, "stroke", "none")? {
            let style = stroke(node, self.to_grid)?;
            let lines = kurbo::stroke(
                self.to_grid * shape,
                &style,
                &StrokeOpts::default(),
                TOLERANCE,
            );
            self.put(&(self.to_grid.inverse() * lines), paint)?;
        }
        Ok(())
    }

    /// Returns the colour of a fill or a line, if there is one.
    fn paint(
        &self,
        node: Node<'_, '_>,
        property: &str,
        usual: &str,
    ) -> Result<Option<String>, String> {
        let paint = inherited(node, property).unwrap_or(usual).trim();
        match paint {
            "none" | "transparent" => Ok(None),
            paint if paint.starts_with("url(") => Err(format!(
                "has {property}=\"{paint}\": expected one solid colour"
            )),
            paint => Ok(Some(paint.to_owned())),
        }
    }

    /// Adds an outline that is to be filled in a colour.
    fn put(&mut self, outline: &BezPath, colour: String) -> Result<(), String> {
        let outline = self.to_grid * outline.clone();
        // All turn the same way: what two of them cover is no hole.
        let outline = match outline.area() < 0.0 {
            true => outline.reverse_subpaths(),
            false => outline,
        };
        self.path.extend(outline);
        match &self.colour {
            Some(first) if !is_same(first, &colour) => Err(format!(
                "has the colours {first} and {colour}: expected one, the launcher's text colour is used for it"
            )),
            _ => {
                self.colour = Some(colour);
                Ok(())
            }
        }
    }
}

/// Reads an element as a path.
fn shape(node: Node<'_, '_>) -> Result<BezPath, String> {
    let name = node.tag_name().name();
    let number = |attribute: &str| match node.attribute(attribute) {
        None => Ok(0.0),
        Some(words) => length(words)
            .ok_or_else(|| format!("has {attribute}=\"{words}\" in <{name}>: expected a number")),
    };
    let points = || {
        let words = node.attribute("points").unwrap_or_default();
        let numbers = numbers(words).filter(|all| all.len() >= 4 && all.len() % 2 == 0);
        numbers.ok_or_else(|| format!("has points=\"{words}\": expected pairs of numbers"))
    };
    Ok(match name {
        "path" => {
            let data = node.attribute("d").unwrap_or_default();
            BezPath::from_svg(data)
                .map_err(|error| format!("has path data that cannot be read: {error}"))?
        }
        "circle" => Circle::new((number("cx")?, number("cy")?), number("r")?).to_path(TOLERANCE),
        "ellipse" => {
            let radii = (number("rx")?, number("ry")?);
            Ellipse::new((number("cx")?, number("cy")?), radii, 0.0).to_path(TOLERANCE)
        }
        "rect" => {
            let (x, y) = (number("x")?, number("y")?);
            let rect = Rect::new(x, y, x + number("width")?, y + number("height")?);
            let radius = f64::max(number("rx")?, number("ry")?);
            rect.to_rounded_rect(radius).to_path(TOLERANCE)
        }
        "line" => {
            let ends = [["x1", "y1"], ["x2", "y2"]];
            let [from, to] = ends.map(|[x, y]| Ok::<_, String>(Point::new(number(x)?, number(y)?)));
            Line::new(from?, to?).to_path(TOLERANCE)
        }
        "polyline" | "polygon" => {
            let mut path = BezPath::new();
            for (at, pair) in points()?.chunks_exact(2).enumerate() {
                let point = Point::new(pair[0], pair[1]);
                match at {
                    0 => path.move_to(point),
                    _ => path.line_to(point),
                }
            }
            if name == "polygon" {
                path.close_path();
            }
            path
        }
        _ => {
            return Err(format!(
                "has <{name}>: expected only path, circle, ellipse, rect, line, polyline and polygon, \
                 with their colours in attributes"
            ));
        }
    })
}

/// Reads how the lines of an element are drawn, on the grid.
fn stroke(node: Node<'_, '_>, to_grid: Affine) -> Result<Stroke, String> {
    let width = inherited(node, "stroke-width").unwrap_or("1");
    let width = length(width).filter(|width| *width > 0.0);
    let width = width.ok_or("has a stroke-width that is no number above 0")?;
    let [scale, ..] = to_grid.as_coeffs();
    let cap = match inherited(node, "stroke-linecap") {
        Some("round") => Cap::Round,
        Some("square") => Cap::Square,
        _ => Cap::Butt,
    };
    let join = match inherited(node, "stroke-linejoin") {
        Some("round") => Join::Round,
        Some("bevel") => Join::Bevel,
        _ => Join::Miter,
    };
    Ok(Stroke::new(width * scale).with_caps(cap).with_join(join))
}

/// Turns the contours of a shape so that what is inside of an odd number of them is inside in either rule of filling.
/// Contours that cross are left to how they are drawn.
fn by_nesting(shape: &BezPath) -> BezPath {
    let contours: Vec<BezPath> = shape
        .subpaths()
        .map(|contour| BezPath::from_vec(contour.to_vec()))
        .collect();
    let mut turned = BezPath::new();
    for (at, contour) in contours.iter().enumerate() {
        let Some(point) = contour.segments().next().map(|first| first.eval(0.5)) else {
            continue;
        };
        let others = contours
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        let depth = others
            .filter(|(_, other)| other.winding(point) != 0)
            .count();
        let is_hole = depth % 2 == 1;
        turned.extend(match (contour.area() < 0.0) == is_hole {
            true => contour.clone(),
            false => contour.reverse_subpaths(),
        });
    }
    turned
}

/// Writes a path in hundredths, each step from the last point.
fn path_data(path: &BezPath) -> String {
    let mut data = String::new();
    let rounded = |point: Point| [point.x, point.y].map(|side| (side * 100.0).round() as i64);
    let (mut at, mut begin) = ([0, 0], [0, 0]);
    let mut last = ' ';
    for element in path.elements() {
        let (letter, points) = match element {
            PathEl::MoveTo(to) => ('m', vec![*to]),
            PathEl::LineTo(to) => ('l', vec![*to]),
            PathEl::QuadTo(a, to) => ('q', vec![*a, *to]),
            PathEl::CurveTo(a, b, to) => ('c', vec![*a, *b, *to]),
            PathEl::ClosePath => ('z', vec![]),
        };
        let points: Vec<_> = points.into_iter().map(rounded).collect();
        // What the rounding has made a step to nowhere.
        if letter == 'l' && points == [at] {
            continue;
        }
        if letter != last || letter == 'm' {
            data.push(if data.is_empty() { 'M' } else { letter });
        }
        last = letter;
        for [x, y] in &points {
            push_number(&mut data, x - at[0]);
            push_number(&mut data, y - at[1]);
        }
        at = points.last().copied().unwrap_or(begin);
        if letter == 'm' {
            begin = at;
        }
    }
    data
}

/// Writes a number of hundredths as short as path data may have it.
fn push_number(data: &mut String, hundredths: i64) {
    let whole = hundredths.abs() / 100;
    let mut digits = match (whole, hundredths.abs() % 100) {
        (whole, 0) => whole.to_string(),
        (0, rest) => format!(".{rest:02}"),
        (whole, rest) => format!("{whole}.{rest:02}"),
    };
    if digits.contains('.') {
        digits.truncate(digits.trim_end_matches('0').len());
    }
    if hundredths < 0 {
        data.push('-');
    } else if data.ends_with(|last: char| last.is_ascii_digit()) {
        data.push(' ');
    }
    data.push_str(&digits);
}

/// Returns a property that an element has of its own, be it in its `style`.
fn own<'a>(node: Node<'a, '_>, property: &str) -> Option<&'a str> {
    let declared = node.attribute("style").and_then(|style| {
        let mut declarations = style.split(';').filter_map(|one| one.split_once(':'));
        declarations.find(|(name, _)| name.trim() == property)
    });
    let declared = declared.map(|(_, value)| value);
    declared.or_else(|| node.attribute(property)).map(str::trim)
}

/// Returns a property that an element has, or what it is in has.
fn inherited<'a>(node: Node<'a, '_>, property: &str) -> Option<&'a str> {
    node.ancestors()
        .filter_map(|node| own(node, property))
        .find(|value| *value != "inherit")
}

fn is_same(one: &str, other: &str) -> bool {
    let [a, b] = [one, other].map(Colour::parse);
    one.eq_ignore_ascii_case(other) || (a.is_some() && a == b)
}

fn length(words: &str) -> Option<f64> {
    let number: f64 = words.trim().trim_end_matches("px").parse().ok()?;
    number.is_finite().then_some(number)
}

fn numbers(words: &str) -> Option<Vec<f64>> {
    let words = words.split([' ', ',', '\n', '\t', '\r']);
    words.filter(|word| !word.is_empty()).map(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rest: &str) -> Result<String, String> {
        of(&format!("<svg xmlns=\"{SVG}\" {rest}</svg>"))
    }

    fn area(data: &str) -> f64 {
        BezPath::from_svg(data).unwrap().area()
    }

    #[test]
    fn a_path_is_moved_to_the_grid() {
        let path = drawn("viewBox='0 0 24 24'><path d='M4 5h16v11H9l-5 4z'/>");
        assert_eq!(path.unwrap(), "M4 5l16 0 0 11-11 0-5 4z");
        // As the icons of some sets: of another size, below zero.
        let path = drawn("viewBox='0 -96 96 96'><path d='M0-96h48v48.2z'/>");
        assert_eq!(path.unwrap(), "M0 0l12 0 0 12.05z");
        // In the middle where it is no square.
        let path = drawn("width='12' height='24px'><path d='M0 0h12v24z'/>");
        assert_eq!(path.unwrap(), "M6 0l12 0 0 24z");
    }

    #[test]
    fn lines_become_areas_and_all_turn_the_same_way() {
        let ring = drawn(
            "viewBox='0 0 24 24' fill='none' stroke='currentColor' stroke-width='2'><circle cx='12' cy='12' r='9'/>",
        );
        let area_of_ring = std::f64::consts::PI * (100.0 - 64.0);
        assert!((area(&ring.unwrap()) - area_of_ring).abs() < 0.5);
        // A bar across another that is drawn the other way round covers it: no hole.
        let cross =
            drawn("viewBox='0 0 24 24'><path d='M0 10h24v4h-24z'/><path d='M10 0v24h4v-24z'/>");
        let path = BezPath::from_svg(&cross.unwrap()).unwrap();
        assert!(path.winding(Point::new(12.0, 12.0)).abs() == 2);
    }

    #[test]
    fn a_hole_by_the_even_odd_rule_stays_one() {
        let frame = drawn(
            "viewBox='0 0 24 24'><path fill-rule='evenodd' d='M0 0h24v24h-24zM8 8h8v8h-8z'/>",
        );
        let path = BezPath::from_svg(&frame.unwrap()).unwrap();
        assert_eq!(path.winding(Point::new(12.0, 12.0)), 0);
        assert_ne!(path.winding(Point::new(4.0, 4.0)), 0);
    }

    #[test]
    fn what_is_no_drawing_in_one_colour_is_named() {
        for (rest, said) in [
            ("viewBox='0 0 24 24'>", "has no shapes"),
            ("viewBox='a'><path d='M0 0'/>", "has a view of \"a\""),
            (
                "viewBox='0 0 24 24'><text>Hi</text>",
                "has <text>: expected only path, circle",
            ),
            (
                "viewBox='0 0 24 24'><g transform='scale(2)'/>",
                "has transform=\"scale(2)\": expected plain shapes",
            ),
            (
                "viewBox='0 0 24 24'><path d='M0 0h2v2z'/><path fill='#f00' d='M0 0h2v2z'/>",
                "has the colours #000 and #f00: expected one",
            ),
            (
                "viewBox='0 0 24 24'><path style='fill: url(#a)' d='M0 0h2v2z'/>",
                "has fill=\"url(#a)\": expected one solid colour",
            ),
            (
                "viewBox='0 0 24 24'><path d='banana'/>",
                "has path data that cannot be read",
            ),
            (
                "viewBox='0 0 24 24'><circle r='a'/>",
                "has r=\"a\" in <circle>: expected a number",
            ),
        ] {
            let wrong = drawn(rest).unwrap_err();
            assert!(wrong.starts_with(said), "{rest}: {wrong}");
        }
        let long = "l1 2-1 3".repeat(500);
        let wrong = drawn(&format!("viewBox='0 0 24 24'><path d='M0 0{long}'/>")).unwrap_err();
        assert!(wrong.contains("expected 2000 at most"), "{wrong}");
        let same = "viewBox='0 0 24 24'><path fill='black' d='M0 0h2v2z'/><path d='M0 0h2v2z'/>";
        assert!(drawn(same).is_ok());
    }
}
