//! The HTML page: one file that loads nothing from elsewhere.

use super::{Context, Figure, Requirement};
use crate::picture::escape;
use std::fmt::Write;

/// A section of the page: text, pictures, and the figures of its models.
#[derive(Default)]
pub struct Section {
    title: String,
    body: String,
    pictures: String,
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
        writeln!(self.body, "<p>{}</p>", escape(text)).expect("a write to a String succeeds");
    }

    /// Adds preformatted text.
    pub fn verbatim(&mut self, text: &str) {
        writeln!(self.body, "<pre>{}</pre>", escape(text)).expect("a write to a String succeeds");
    }

    /// Adds a picture with its caption.
    pub fn picture(&mut self, caption: &str, svg: &str) {
        let caption = escape(caption);
        let figure = format!("<figure><div>{svg}</div><figcaption>{caption}</figcaption></figure>\n");
        self.pictures += &figure;
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

    fn html(&self) -> String {
        let Self { title, body, pictures, .. } = self;
        let title = escape(title);
        format!("<section>\n<h2>{title}</h2>\n{body}<div class='pictures'>\n{pictures}</div>\n</section>\n")
    }
}

/// The text of `index.html`.
pub fn page(context: &Context, sections: &[Section], seconds: f64) -> String {
    let sections_html: String = sections.iter().map(Section::html).collect();
    let epochs = context.epochs.map(|n| format!(" Each model was trained for {n} epochs only.")).unwrap_or_default();
    let intro = format!(
        "All models were trained for this page in {seconds:.0} s, from seed {}.{epochs} The data are {} training \
         images and {} test images. Split: {}. Squared errors are summed over the pixels of an image and averaged over \
         the test images.",
        context.seed,
        context.digits.train.len(),
        context.digits.test.len(),
        context.split
    );
    format!(
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n\
         <meta name='viewport' content='width=device-width, initial-scale=1'>\n\
         <title>Neural networks and backpropagation: a tour</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Neural networks and backpropagation: a tour</h1>\n<p>{}</p>\n{}{sections_html}</body>\n</html>\n",
        escape(&intro),
        table(sections)
    )
}

fn table(sections: &[Section]) -> String {
    let row = |figure: &Figure| {
        let mark = match (figure.requirement, figure.is_met()) {
            (Requirement::Nothing, _) => "",
            (_, true) => "✓",
            (_, false) => "✗",
        };
        let Figure { model, name, requirement, .. } = figure;
        let (value, [model, name]) = (figure.text(), [model, name].map(|key| key.replace('_', "_<wbr>")));
        format!("<tr><td>{model}</td><td>{name}</td><td>{value}</td><td>{requirement}</td><td>{mark}</td></tr>\n")
    };
    let rows: String = sections.iter().flat_map(|section| &section.figures).map(row).collect();
    match rows.is_empty() {
        true => rows,
        false => format!(
            "<div class='table'><table><thead><tr><th>model</th><th>figure</th><th>value</th><th>required</th><th></th>\
             </tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
        ),
    }
}

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
p { max-width: 44rem; } section { border-top: 1px solid var(--line); margin-top: 2rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; min-width: 0; } figure div { overflow-x: auto; } figure:has(.wide) { grid-column: 1 / -1; }
svg { display: block; max-width: 100%; height: auto; } svg.wide { max-width: none; }
figcaption { font-size: .9rem; opacity: .8; margin-top: .4rem; max-width: 26rem; }
pre { overflow-x: auto; font-size: .85rem; line-height: 1.35; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
td, th { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td:nth-child(3) { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) {
  table { font-size: .78rem; width: 100%; } td, th { padding-right: .4rem; }
  td:nth-child(-n+2) { white-space: normal; } pre { font-size: .7rem; }
}
";
