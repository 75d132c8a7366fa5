//! The names of series, written beside their last points.

use super::style::{Area, Drawn, UNITS, font, line};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The name of a series, and the place of its last point in units of the picture.
pub(super) struct Label<'a> {
    pub(super) name: &'a str,
    pub(super) colour: RGBColor,
    /// Whether a line leads to the name.
    pub(super) line: bool,
    pub(super) end: [i32; 2],
}

/// The mean width of a letter, the least distance of two names, and the length of the line that leads to a name.
const LETTER: f64 = 6.6;
const ROW: i32 = 15;
const LEAD: i32 = 18;

/// The space in pixels that names need at the right of the axes.
pub(super) fn width<'a>(names: impl Iterator<Item = &'a str>) -> i32 {
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    if longest == 0 { 0 } else { LEAD + (LETTER * longest as f64) as i32 }
}

/// Draws the names, moved up or down where they would cover each other.
pub(super) fn draw(area: &Area<'_>, mut labels: Vec<Label<'_>>) -> Drawn {
    labels.sort_by_key(|label| label.end[1]);
    let foot = area.dim_in_pixel().1 as i32 - 48 * UNITS;
    for (label, y) in labels.iter().zip(spread(&labels, foot)) {
        let [x, end] = label.end;
        let start = x + LEAD * UNITS;
        if label.line {
            let lead = [(x, end), (x + 8 * UNITS, y), (start - 3 * UNITS, y)];
            area.draw(&PathElement::new(lead, line(label.colour.to_rgba(), 1.2)))?;
        }
        let style = font(12.5).pos(Pos::new(HPos::Left, VPos::Center));
        let start = if label.line { start } else { x + 8 * UNITS };
        area.draw(&Text::new(label.name.to_owned(), (start, y), style))?;
    }
    Ok(())
}

/// The heights of the names, from the top down, none below the foot if there is room.
fn spread(labels: &[Label<'_>], foot: i32) -> Vec<i32> {
    let ends = |label: &Label<'_>| [label.end[0], label.end[0] + width(std::iter::once(label.name)) * UNITS];
    let meet = |i: usize, j: usize| {
        let ([left, right], [start, end]) = (ends(&labels[i]), ends(&labels[j]));
        left < end && start < right
    };
    let mut heights: Vec<i32> = labels.iter().map(|label| label.end[1]).collect();
    for i in 1..heights.len() {
        let above = (0..i).filter(|&j| meet(i, j)).map(|j| heights[j] + ROW * UNITS).max();
        heights[i] = heights[i].max(above.unwrap_or(i32::MIN));
    }
    for i in (0..heights.len()).rev() {
        let below = (i + 1..heights.len()).filter(|&j| meet(i, j)).map(|j| heights[j] - ROW * UNITS).min();
        heights[i] = heights[i].min(below.unwrap_or(foot));
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::{Label, ROW, UNITS, spread};
    use plotters::prelude::RGBColor;

    #[test]
    fn names_keep_their_distance_and_stay_above_the_foot() {
        let label = |x, y| Label { name: "name", colour: RGBColor(0, 0, 0), line: true, end: [x, y] };
        let row = ROW * UNITS;
        assert_eq!(spread(&[label(0, 100), label(0, 110), label(0, 120)], 2000), [100, 100 + row, 100 + 2 * row]);
        assert_eq!(spread(&[label(0, 1990), label(0, 2000)], 2000), [2000 - row, 2000]);
        assert_eq!(spread(&[label(0, 100), label(3000, 110)], 2000), [100, 110]);
    }
}
