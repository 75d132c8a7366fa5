//! The few shapes that all pictures consist of.

use std::fmt::Write;

/// A picture under construction.
pub struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// `<`, `>`, `&` and quotes as HTML writes them.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Svg {
    /// An empty picture of this size, in pixels at its natural size.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// Anything that SVG has.
    pub fn raw(&mut self, element: &str) {
        self.body += element;
        self.body.push('\n');
    }

    /// A straight line; `style` are further attributes.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], style: &str) {
        self.raw(&format!("<line x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' {style}/>"));
    }

    /// A line through points; `style` are further attributes.
    pub fn polyline(&mut self, points: &[[f64; 2]], colour: &str, style: &str) {
        let mut list = String::new();
        for [x, y] in points {
            write!(list, "{x:.1},{y:.1} ").expect("a string takes everything");
        }
        self.raw(&format!("<polyline points='{list}' fill='none' stroke='{colour}' stroke-width='1.8' {style}/>"));
    }

    /// A disc.
    pub fn disc(&mut self, [x, y]: [f64; 2], radius: f64, colour: &str) {
        self.raw(&format!("<circle cx='{x:.1}' cy='{y:.1}' r='{radius}' fill='{colour}' fill-opacity='.75'/>"));
    }

    /// A rectangle; `style` are further attributes.
    pub fn rect(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], style: &str) {
        self.raw(&format!("<rect x='{x:.1}' y='{y:.1}' width='{width:.1}' height='{height:.1}' {style}/>"));
    }

    /// Text; `anchor` is `start`, `middle` or `end`.
    pub fn text(&mut self, [x, y]: [f64; 2], anchor: &str, size: f64, text: &str) {
        let text = escape(text);
        let place = format!("x='{x:.1}' y='{y:.1}' text-anchor='{anchor}' font-size='{size}'");
        self.raw(&format!("<text {place} fill='currentColor'>{text}</text>"));
    }

    /// The finished picture; `label` says what it shows to those who do not see it.
    pub fn finish(self, label: &str) -> String {
        let Self { width, height, body } = self;
        let size = format!("viewBox='0 0 {width:.0} {height:.0}' width='{width:.0}' height='{height:.0}'");
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' aria-label=\"{}\">\n{body}</svg>\n",
            escape(label)
        )
    }
}
