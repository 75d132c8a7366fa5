//! A table of ratios as a chart: a panel for each column, a row for each row, over logarithmic axes.

use maud::{Markup, PreEscaped, html};

/// A table of how many times as long others take.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratios {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The name of each row, its own time, and a cell for each column: a ratio, a word such as `cannot`, or nothing.
    pub rows: Vec<(String, String, Vec<String>)>,
}

/// The width of the names and of the times, the distance of panels and rows, and the height of the head, in pixels.
const NAMES: f64 = 272.0;
const TIMES: f64 = 58.0;
const PANEL: f64 = 96.0;
const ROW: f64 = 24.0;
const HEAD: f64 = 34.0;
/// The ratios at the edges of a panel, and the width between them.
const RANGE: [f64; 2] = [0.1, 100.0];
const AXIS: f64 = 54.0;
/// The space at the left of an axis.
const LEFT: f64 = 24.0;

impl Ratios {
    /// The first table in this section of a text in Markdown: the columns are the name, the time of a row, and ratios.
    ///
    /// Returns `None` if there is no such table.
    pub fn of_markdown(text: &str, heading: &str) -> Option<Self> {
        let section = text.split(&format!("\n{heading}\n")).nth(1)?;
        let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
        let mut table: Vec<Vec<String>> = lines.map(cells).collect();
        let rows = table.split_off(table.len().min(2));
        let columns = table.first()?.get(2..)?.to_vec();
        let row = |row: &Vec<String>| match &row[..] {
            [name, time, ratios @ ..] if ratios.len() == columns.len() => {
                Some((name.clone(), time.clone(), ratios.to_vec()))
            }
            _ => None,
        };
        let rows = rows.iter().map(row).collect::<Option<_>>()?;
        Some(Self { columns, rows })
    }

    /// The chart as an SVG file. It brings its own background, light or dark as the reader's scheme.
    pub fn draw(&self) -> String {
        let foot = HEAD + ROW * self.rows.len() as f64;
        let [width, height] = [NAMES + TIMES + PANEL * self.columns.len() as f64, foot + 44.0];
        let svg = html! {
            svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height)
                role="img" aria-label=(self.description()) font-family="sans-serif" font-size="12" {
                style { (PreEscaped(STYLE)) }
                rect.ground width=(width) height=(height) {}
                (text([NAMES + TIMES - 10.0, 20.0], "end", "strong", "ours"))
                @for (j, column) in self.columns.iter().enumerate() { (panel(j, column, foot)) }
                @for (i, (name, time, ratios)) in self.rows.iter().enumerate() {
                    @let y = HEAD + ROW * (i as f64 + 0.5);
                    (text([8.0, y + 4.0], "start", "", name))
                    (text([NAMES + TIMES - 10.0, y + 4.0], "end", "", time))
                    @for (j, ratio) in ratios.iter().enumerate() { (cell(j, y, ratio)) }
                }
                (text([0.5 * (width + NAMES + TIMES), foot + 36.0], "middle", "", "times as long as ours (log scale)"))
            }
        };
        svg.into_string()
            .replace("></rect>", "/>")
            .replace("></line>", "/>")
            .replace("></circle>", "/>")
            .replace("<text", "\n<text")
    }

    /// The chart in words, for those who do not see it.
    fn description(&self) -> String {
        let column = |(j, name): (usize, &String)| {
            let ratios = self.rows.iter().filter_map(|row| row.2[j].parse().ok());
            let (low, high) = ratios.fold((f64::INFINITY, 0.0f64), |(low, high), x: f64| (low.min(x), high.max(x)));
            format!("{name} {low} to {high}")
        };
        let columns: Vec<String> = self.columns.iter().enumerate().map(column).collect();
        format!("How many times as long as ours others take for {} steps: {}.", self.rows.len(), columns.join(", "))
    }
}

/// The horizontal place of a ratio in a panel.
fn place(panel: usize, ratio: f64) -> f64 {
    let share = (ratio / RANGE[0]).log10() / (RANGE[1] / RANGE[0]).log10();
    NAMES + TIMES + PANEL * panel as f64 + LEFT + AXIS * share
}

fn text([x, y]: [f64; 2], anchor: &str, class: &str, words: &str) -> Markup {
    html! { text x=(format!("{x:.1}")) y=(format!("{y:.1}")) text-anchor=(anchor) class=[(!class.is_empty()).then_some(class)] { (words) } }
}

fn panel(j: usize, name: &str, foot: f64) -> Markup {
    html! {
        (text([place(j, RANGE[0]), 20.0], "start", "strong", name))
        @for ratio in [0.1, 1.0, 10.0, 100.0] {
            @let x = format!("{:.1}", place(j, ratio));
            line.one[ratio == 1.0] x1=(x) x2=(x) y1=(HEAD) y2=(foot) {}
            (text([place(j, ratio), foot + 14.0], "middle", "tick", &ratio.to_string()))
        }
    }
}

fn cell(j: usize, y: f64, ratio: &str) -> Markup {
    html! {
        @if let Ok(value) = ratio.parse::<f64>() {
            @let (one, x) = (format!("{:.1}", place(j, 1.0)), place(j, value));
            line.stem x1=(one) x2=(format!("{x:.1}")) y1=(y) y2=(y) {}
            circle cx=(format!("{x:.1}")) cy=(y) r="3.5" {}
            @if value < 1.0 { (text([x - 6.0, y + 4.0], "end", "value", ratio)) }
            @else { (text([x + 6.0, y + 4.0], "start", "value", ratio)) }
        } @else if !ratio.is_empty() {
            (text([place(j, 1.0) + 6.0, y + 4.0], "start", "tick", ratio))
        }
    }
}

const STYLE: &str = "text { fill: #1f2328; } .strong { font-weight: bold; } .tick { fill: #59636e; font-size: 10px; } \
    .value { font-size: 11px; } .ground { fill: #fff; } line { stroke: #d1d9e0; } .one { stroke: #59636e; } \
    .stem { stroke: #3478c6; stroke-width: 2; } circle { fill: #3478c6; } \
    @media (prefers-color-scheme: dark) { text { fill: #f0f6fc; } .tick { fill: #9198a1; } .ground { fill: #0d1117; } \
    line { stroke: #3d444d; } .one { stroke: #9198a1; } .stem { stroke: #5b9ae0; } circle { fill: #5b9ae0; } }";

#[cfg(test)]
mod tests {
    use super::Ratios;

    #[test]
    fn committed_chart_shows_the_table_of_the_readme() {
        let table = Ratios::of_markdown(include_str!("../../../README.md"), "## How fast").expect("a table");
        let committed = include_str!("../../../nn/src/guide/pictures/speed.svg");
        assert!(table.draw() == committed, "run `cargo run --release --example guide_pictures`");
    }

    #[test]
    fn tables_are_read_from_markdown() {
        let text =
            "\n## A\n\nWords.\n\n| step | ours | x | y |\n|---|---:|---:|---|\n| `a`, b | 4 µs | 0.1 | |\n\n## B\n";
        let row = ("a, b".to_owned(), "4 µs".to_owned(), vec!["0.1".to_owned(), String::new()]);
        let table = Ratios { columns: vec!["x".to_owned(), "y".to_owned()], rows: vec![row] };
        assert_eq!(Ratios::of_markdown(text, "## A"), Some(table));
        assert_eq!(Ratios::of_markdown(text, "## B"), None);
    }
}
