//! The page: one file without anything from outside.

use super::{Context, Figure, Wanted};
use crate::picture::escape;
use std::fmt::Write;

/// A section of the page: some words, pictures, and the figures of its models.
#[derive(Default)]
pub struct Section {
    title: String,
    body: String,
    pictures: String,
    /// What came out.
    pub figures: Vec<Figure>,
}

impl Section {
    /// A section without anything in it yet.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    /// A paragraph.
    pub fn text(&mut self, text: &str) {
        writeln!(self.body, "<p>{}</p>", escape(text)).expect("a string takes everything");
    }

    /// Text as it stands, for tables and drawings of characters.
    pub fn verbatim(&mut self, text: &str) {
        writeln!(self.body, "<pre>{}</pre>", escape(text)).expect("a string takes everything");
    }

    /// A picture and what it shows.
    pub fn picture(&mut self, caption: &str, svg: &str) {
        let caption = escape(caption);
        let figure = format!("<figure><div>{svg}</div><figcaption>{caption}</figcaption></figure>\n");
        self.pictures += &figure;
    }

    /// A figure of a model; what is wanted of it, the table knows.
    pub fn figure(&mut self, model: &str, name: &str, value: f64) {
        let value_of = |key: &str| {
            let earlier = self.figures.iter().find(|figure| format!("{}.{}", figure.model, figure.name) == key);
            earlier.map(|figure| figure.value)
        };
        let wanted = match Wanted::of(model, name) {
            Wanted::NotBelow(key) => value_of(key).map_or(Wanted::NotBelow(key), Wanted::ClampMin),
            Wanted::NotAbove(key) => value_of(key).map_or(Wanted::NotAbove(key), Wanted::ClampMax),
            wanted => wanted,
        };
        self.figures.push(Figure { model: model.to_owned(), name: name.to_owned(), value, wanted });
    }

    fn html(&self) -> String {
        let Self { title, body, pictures, .. } = self;
        let title = escape(title);
        format!("<section>\n<h2>{title}</h2>\n{body}<div class='pictures'>\n{pictures}</div>\n</section>\n")
    }
}

/// The whole page.
pub fn page(context: &Context, sections: &[Section], seconds: f64) -> String {
    let sections_html: String = sections.iter().map(Section::html).collect();
    let epochs = context.epochs.map(|n| format!(" Trained for {n} epochs only.")).unwrap_or_default();
    let intro = format!(
        "Every model was trained for this page, in {seconds:.0} s in all, from seed {}.{epochs} {} training images, {} \
         test images; {}. Squared errors are summed over the pixels of an image and averaged over the test images.",
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
        let mark = match (figure.wanted, figure.is_reached()) {
            (Wanted::Nothing, _) => "",
            (_, true) => "✓",
            (_, false) => "✗",
        };
        let Figure { model, name, wanted, .. } = figure;
        let (value, [model, name]) = (figure.text(), [model, name].map(|key| key.replace('_', "_<wbr>")));
        format!("<tr><td>{model}</td><td>{name}</td><td>{value}</td><td>{wanted}</td><td>{mark}</td></tr>\n")
    };
    let rows: String = sections.iter().flat_map(|section| &section.figures).map(row).collect();
    match rows.is_empty() {
        true => rows,
        false => format!(
            "<div class='table'><table><thead><tr><th>model</th><th>figure</th><th>reached</th><th>wanted</th><th></th>\
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
