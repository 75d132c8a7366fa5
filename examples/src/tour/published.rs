//! Figures that others published for MNIST, beside those of a run.

use super::Section;
use maud::{Markup, html};

/// The model and the figure of the run, what they are in words, the published value, and where it comes from.
struct Row {
    figure: [&'static str; 2],
    what: &'static str,
    published: &'static str,
    source: &'static str,
}

/// Published figures for the models that the tour has for images of 28×28 pixels.
const ROWS: [Row; 2] = [
    Row {
        figure: ["principal_30", "test_sq"],
        what: "30 principal components: squared error of a test image",
        published: "13.87",
        source: "Hinton and Salakhutdinov 2006. The components are exact, so the figures should agree.",
    },
    Row {
        figure: ["variational_20", "neg_elbo"],
        what: "Variational autoencoder 784-400-20, 10 epochs: −ELBO of a test image in nats, grey pixels as probabilities",
        published: "105.6",
        source: "The example of PyTorch, at the constant rate 0.001. Here the rate falls from 0.001 along half a cosine.",
    },
];

/// A table of the rows whose figures were measured; nothing if there are none.
pub(super) fn table(sections: &[Section]) -> Markup {
    let measured = |[model, name]: [&str; 2]| {
        let figures = sections.iter().flat_map(|section| &section.figures);
        figures.into_iter().find(|figure| (&*figure.model, &*figure.name) == (model, name)).map(|figure| figure.value)
    };
    let rows: Vec<_> = ROWS.iter().filter_map(|row| Some((row, measured(row.figure)?))).collect();
    html! {
        @if !rows.is_empty() {
            section id="published" {
                h2 { "Beside published figures" }
                table.published {
                    thead { tr { th { "on MNIST" } th { "published" } th { "here" } } }
                    tbody {
                        @for (row, value) in rows {
                            tr {
                                td { (row.what) br; small { (row.source) } }
                                td { (row.published) }
                                td { (format!("{value:.2}")) }
                            }
                        }
                    }
                }
            }
        }
    }
}
