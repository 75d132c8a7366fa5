//! The HTML page: one file that loads nothing from elsewhere.

use super::{Context, Figure, Requirement, published};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A section of the page: text, pictures, and the figures of its models.
#[derive(Default)]
pub struct Section {
    title: String,
    formula: String,
    body: Vec<Markup>,
    /// The lines of code, each with its indentation.
    code: Vec<(usize, String)>,
    pictures: Vec<Markup>,
    /// The pictures at the head of the page.
    best: Vec<Markup>,
    /// The figures of the models in this section.
    pub figures: Vec<Figure>,
}

impl Section {
    /// An empty section.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: &str) {
        self.body.push(html! { p { (text) } });
    }

    /// Sets the formula below the title: a line for each of its parts.
    pub fn formula(&mut self, formula: &str) {
        self.formula = formula.to_owned();
    }

    /// Shows the lines of a source file between two comments, without their indentation.
    ///
    /// # Panics
    /// Panics unless the file has “The page shows these lines.” and “Up to here.”.
    pub fn code(&mut self, file: &str) {
        let [from, to] = CODE;
        let lines = file.lines().skip_while(|line| line.trim() != from).skip(1);
        let lines: Vec<&str> = lines.take_while(|line| line.trim() != to).collect();
        assert!(!lines.is_empty() && file.lines().any(|line| line.trim() == to), "the file marks no code for the page");
        let indent = |line: &str| line.len() - line.trim_start().len();
        let least = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
        let shown = lines.iter().map(|line| line.get(least..).unwrap_or_default());
        self.code = shown.map(|line| (indent(line), line.to_owned())).collect();
    }

    /// Adds preformatted text.
    pub fn verbatim(&mut self, text: &str) {
        self.body.push(html! { pre { (text) } });
    }

    /// Adds a table, given its rows.
    pub fn table(&mut self, rows: Markup) {
        self.body.push(html! { table { (rows) } });
    }

    /// Adds a picture, as SVG or HTML, with its caption.
    pub fn picture(&mut self, caption: &str, picture: &str) {
        self.pictures.push(html! { figure { div { (PreEscaped(picture)) } figcaption { (caption) } } });
    }

    /// Adds a picture to the head of the page. It should be square, and needs no text to be understood.
    pub fn best_picture(&mut self, caption: &str, picture: &str) {
        self.best.push(html! { figure { div { (PreEscaped(picture)) } figcaption { (caption) } } });
    }

    /// Adds a figure of a model. Its requirement is looked up in the table; one that names an earlier figure of this
    /// section is resolved to that figure's value.
    pub fn figure(&mut self, model: &str, name: &str, value: f64) {
        let value_of = |key: &str| {
            let earlier = self.figures.iter().find(|figure| format!("{}.{}", figure.model, figure.name) == key);
            earlier.map(|figure| figure.value)
        };
        let requirement = match Requirement::of(model, name) {
            Requirement::AtLeastFigure(key) => {
                value_of(key).map_or(Requirement::AtLeastFigure(key), Requirement::AtLeast)
            }
            Requirement::AtMostFigure(key) => value_of(key).map_or(Requirement::AtMostFigure(key), Requirement::AtMost),
            requirement => requirement,
        };
        self.figures.push(Figure { model: model.to_owned(), name: name.to_owned(), value, requirement });
    }

    fn html(&self, anchor: usize) -> Markup {
        html! {
            section id=(format!("s{anchor}")) {
                h2 { (self.title) }
                @if !self.formula.is_empty() {
                    p.formula { @for line in self.formula.lines() { (line) br; } }
                }
                @for text in &self.body { (text) }
                @if !self.code.is_empty() {
                    pre.code { code {
                        @for (indent, line) in &self.code { span style=(format!("--in:{indent}")) { (line) "\n" } }
                    } }
                }
                div.pictures { @for picture in &self.pictures { (picture) } }
            }
        }
    }
}

/// The comments around the lines of a source file that the page shows.
const CODE: [&str; 2] = ["// The page shows these lines.", "// Up to here."];

/// The text of `index.html`.
pub fn page(context: &Context, sections: &[Section], seconds: f64) -> String {
    let epochs = context.epochs.map(|n| format!(" Each model was trained for {n} epochs only.")).unwrap_or_default();
    let side = context.digits.train.x.shape()[1].isqrt();
    let intro = format!(
        "From a single neuron to networks that invent digits: every model of the textbook chapter “Neural Networks and \
         Backpropagation”, trained for this page in {seconds:.0} seconds by two Rust crates, autodiff and nn. The data are {} \
         training images and {} test images of handwritten digits, {side}×{side} pixels each.{epochs} Squared errors are \
         summed over the pixels of an image and averaged over the test images.",
        context.digits.train.len(),
        context.digits.test.len(),
    );
    let run = format!("The data: {}. The seed of all random draws: {}.", context.split, context.seed);
    let title = "Neural networks and backpropagation: a tour";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p { (intro) }
                div.best { @for picture in sections.iter().flat_map(|section| &section.best) { (picture) } }
                nav {
                    h2 { "Contents" }
                    ol { @for (i, section) in sections.iter().enumerate() { li { a href=(format!("#s{i}")) { (section.title) } } } }
                }
                @for (i, section) in sections.iter().enumerate() { (section.html(i)) }
                @if context.is_mnist() { (published::table(sections)) }
                (table(sections))
                p { small { (run) } }
            }
        }
    };
    page.into_string()
}

fn table(sections: &[Section]) -> Markup {
    let mark = |figure: &Figure| match (figure.requirement, figure.is_met()) {
        (Requirement::Nothing, _) => "",
        (_, true) => "✓",
        (_, false) => "✗",
    };
    let figures: Vec<&Figure> = sections.iter().flat_map(|section| &section.figures).collect();
    html! {
        @if !figures.is_empty() {
            details {
                summary { "All figures, with what is required of them" }
                table {
                    thead { tr { th { "model" } th { "figure" } th { "value" } th { "required" } th {} } }
                    tbody {
                        @for figure in figures {
                            tr {
                                td { (breakable(&figure.model)) }
                                td { (breakable(&figure.name)) }
                                td.number { (figure.text()) }
                                td { (figure.requirement) }
                                td { (mark(figure)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A name that may be broken after each underscore.
fn breakable(name: &str) -> Markup {
    html! { @for part in name.split_inclusive('_') { (part) wbr; } }
}

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
p { max-width: 44rem; } section { border-top: 1px solid var(--line); margin-top: 2rem; }
.best { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); gap: 1.5rem; margin: 2rem 0; }
.best .strips { grid-template-columns: 1fr; } .best img { width: 100%; }
nav ol { columns: 19rem 2; column-gap: 3rem; max-width: 50rem; } nav li { break-inside: avoid; }
.formula { font-family: serif; font-size: 1.1rem; font-style: italic; margin-left: 1rem; }
.pictures { columns: 26rem 2; column-gap: 1.5rem; }
figure { margin: 0 0 1.5rem; break-inside: avoid; }
figcaption { font-size: .9rem; opacity: .8; margin-top: .4rem; max-width: 26rem; }
svg { display: block; max-width: 100%; height: auto; }
.strips { display: grid; justify-content: start; font-size: 12.5px; line-height: 1; }
.strips.named { grid-template-columns: 86px auto; align-items: center; }
.strips img { display: block; image-rendering: pixelated; max-width: 100%; }
pre { font-size: .8rem; line-height: 1.4; overflow-x: auto; }
.code { background: #8881; padding: .6rem .8rem; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
.code span { display: block; padding-left: calc(1ch * (var(--in) + 4)); text-indent: calc(-1ch * (var(--in) + 4)); }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
td.number { text-align: right; }
details { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; } summary { cursor: pointer; }
@media (max-width: 34rem) {
  .best { grid-template-columns: 1fr 1fr; gap: 1rem; } pre { font-size: .7rem; }
  table { font-size: .75rem; width: 100%; } td, th { padding-right: .4rem; }
}
@media screen and (prefers-color-scheme: dark) {
  .strips.amount img { filter: invert(1); }
  svg:not(.chart) { filter: invert(.93) hue-rotate(180deg); }
}
@media print {
  :root { color-scheme: light; font-size: 75%; } body { font-size: 9pt; max-width: none; padding: 0; } a { color: inherit; }
  .pictures { columns: 2; } .best { grid-template-columns: repeat(4, 1fr); }
  h2, .formula { break-after: avoid; } pre, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; }
}
";
