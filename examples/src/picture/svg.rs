//! The shapes that all pictures consist of.

use std::fmt::Write;

/// A picture under construction.
pub struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// Escapes `<`, `>`, `&` and double quotes for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Svg {
    /// An empty picture of this size in pixels.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// Adds an SVG element.
    pub fn raw(&mut self, element: &str) {
        self.body += element;
        self.body.push('\n');
    }

    /// Adds a straight line. `style` holds further attributes.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], style: &str) {
        self.raw(&format!("<line x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' {style}/>"));
    }

    /// Adds a line through points. `style` holds further attributes.
    pub fn polyline(&mut self, points: &[[f64; 2]], colour: &str, style: &str) {
        let mut list = String::new();
        for [x, y] in points {
            write!(list, "{x:.1},{y:.1} ").expect("a write to a String succeeds");
        }
        self.raw(&format!("<polyline points='{list}' fill='none' stroke='{colour}' stroke-width='1.8' {style}/>"));
    }

    /// Adds a disc.
    pub fn disc(&mut self, [x, y]: [f64; 2], radius: f64, colour: &str) {
        self.raw(&format!("<circle cx='{x:.1}' cy='{y:.1}' r='{radius}' fill='{colour}' fill-opacity='.75'/>"));
    }

    /// Adds a rectangle. `style` holds further attributes.
    pub fn rect(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], style: &str) {
        self.raw(&format!("<rect x='{x:.1}' y='{y:.1}' width='{width:.1}' height='{height:.1}' {style}/>"));
    }

    /// Adds text. `anchor` is `start`, `middle` or `end`.
    pub fn text(&mut self, [x, y]: [f64; 2], anchor: &str, size: f64, text: &str) {
        let text = escape(text);
        let attributes = format!("x='{x:.1}' y='{y:.1}' text-anchor='{anchor}' font-size='{size}'");
        self.raw(&format!("<text {attributes} fill='currentColor'>{text}</text>"));
    }

    /// The picture as SVG. Screen readers read `label`.
    pub fn finish(self, label: &str) -> String {
        let Self { width, height, body } = self;
        let size = format!("viewBox='0 0 {width:.0} {height:.0}' width='{width:.0}' height='{height:.0}'");
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' aria-label=\"{}\">\n{body}</svg>\n",
            escape(label)
        )
    }
}
