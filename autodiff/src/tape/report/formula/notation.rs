//! The two ways of writing an expression: Unicode text, and LaTeX.

/// The signs of a notation.
pub(super) trait Notation {
    const TIMES: &str;
    const ELEMENTWISE: &str;
    const MINUS: &str;
    fn number(x: f64) -> String;
    fn name(text: &str) -> String;
    fn function(name: &str) -> String;
    fn group(inner: &str) -> String;
    fn power(base: &str, exponent: f64) -> String;
    fn root(inner: &str, is_atom: bool) -> String;
    fn fraction(above: &str, below: &str) -> String;
    fn transpose(x: &str) -> String;
    fn total(axes: Option<&[usize]>) -> String;
    /// Whether a fraction keeps its parts together, so that they need no brackets.
    const FRACTION_GROUPS: bool;
}

pub(super) struct Unicode;

impl Notation for Unicode {
    const TIMES: &str = "·";
    const ELEMENTWISE: &str = "⊙";
    const MINUS: &str = "−";
    const FRACTION_GROUPS: bool = false;

    fn number(x: f64) -> String {
        x.to_string().replace('-', "−")
    }

    fn name(text: &str) -> String {
        text.into()
    }

    fn function(name: &str) -> String {
        name.replace("sigmoid", "σ")
    }

    fn group(inner: &str) -> String {
        format!("({inner})")
    }

    fn power(base: &str, exponent: f64) -> String {
        match exponent.fract() == 0.0 && exponent.abs() < 100.0 {
            true => format!("{base}{}", raised(&exponent.to_string())),
            false => format!("{base}^{}", Self::number(exponent)),
        }
    }

    fn root(inner: &str, is_atom: bool) -> String {
        if is_atom { format!("√{inner}") } else { format!("√({inner})") }
    }

    fn fraction(above: &str, below: &str) -> String {
        format!("{above}/{below}")
    }

    fn transpose(x: &str) -> String {
        format!("{x}ᵀ")
    }

    fn total(axes: Option<&[usize]>) -> String {
        let axes = axes.unwrap_or_default().iter().map(|axis| lowered(&axis.to_string())).collect::<Vec<_>>();
        format!("Σ{}", axes.join("˒"))
    }
}

pub(super) struct Latex;

impl Notation for Latex {
    const TIMES: &str = r" \cdot ";
    const ELEMENTWISE: &str = r" \odot ";
    const MINUS: &str = "-";
    const FRACTION_GROUPS: bool = true;

    fn number(x: f64) -> String {
        x.to_string()
    }

    /// Greek letters become commands, and raised and lowered digits become exponents and indices. A longer word is set
    /// upright.
    fn name(text: &str) -> String {
        let mut latex = String::new();
        let (mut base, mut marks) = (String::new(), Vec::new());
        for letter in text.chars() {
            match (digit(letter, RAISED), digit(letter, LOWERED)) {
                (Some(digit), _) => marks.push(('^', digit)),
                (_, Some(digit)) => marks.push(('_', digit)),
                _ => base.push(letter),
            }
        }
        latex += &match base.chars().count() {
            1 => command(&base),
            _ => format!(r"\mathrm{{{}}}", base.replace('_', r"\_")),
        };
        for (mark, digits) in runs(&marks) {
            latex += &format!("{mark}{{{digits}}}");
        }
        latex
    }

    fn function(name: &str) -> String {
        let (primed, name) = (name, name.trim_end_matches('′'));
        let primes = "'".repeat(primed.chars().count() - name.chars().count());
        let text = match name {
            "sigmoid" => r"\sigma".into(),
            "exp" | "ln" | "sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh" | "max" | "min" => format!(r"\{name}"),
            _ => format!(r"\operatorname{{{}}}", name.replace('_', r"\_")),
        };
        text + &primes
    }

    fn group(inner: &str) -> String {
        format!(r"\left({inner}\right)")
    }

    fn power(base: &str, exponent: f64) -> String {
        format!("{base}^{{{exponent}}}")
    }

    fn root(inner: &str, _is_atom: bool) -> String {
        format!(r"\sqrt{{{inner}}}")
    }

    fn fraction(above: &str, below: &str) -> String {
        format!(r"\frac{{{above}}}{{{below}}}")
    }

    fn transpose(x: &str) -> String {
        format!(r"{x}^\top")
    }

    fn total(axes: Option<&[usize]>) -> String {
        match axes {
            None => r"\sum ".into(),
            Some(axes) => {
                let axes: Vec<String> = axes.iter().map(usize::to_string).collect();
                format!(r"\sum_{{{}}} ", axes.join(","))
            }
        }
    }
}

const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₋";
const PLAIN: &str = "0123456789-";

/// The digits of a whole number as an exponent: `−12` → `⁻¹²`.
fn raised(number: &str) -> String {
    translate(number, RAISED)
}

/// The digits of a whole number as an index: `12` → `₁₂`.
pub(super) fn lowered(number: &str) -> String {
    translate(number, LOWERED)
}

fn translate(number: &str, signs: &str) -> String {
    let sign = |digit| PLAIN.chars().position(|plain| plain == digit).and_then(|place| signs.chars().nth(place));
    number.chars().map(|digit| sign(digit).unwrap_or(digit)).collect()
}

/// Whether a name ends in an exponent, so that a power of it needs brackets.
pub(super) fn is_raised(name: &str) -> bool {
    name.chars().any(|letter| digit(letter, RAISED).is_some())
}

fn digit(letter: char, signs: &str) -> Option<char> {
    signs.chars().position(|sign| sign == letter).and_then(|place| PLAIN.chars().nth(place))
}

/// Neighbouring marks of one kind, together.
fn runs(marks: &[(char, char)]) -> Vec<(char, String)> {
    let mut runs: Vec<(char, String)> = Vec::new();
    for &(mark, digit) in marks {
        match runs.last_mut() {
            Some((last, digits)) if *last == mark => digits.push(digit),
            _ => runs.push((mark, digit.into())),
        }
    }
    runs
}

/// The LaTeX command of a Greek letter.
fn command(letter: &str) -> String {
    const GREEK: [(&str, &str); 19] = [
        ("α", "alpha"),
        ("β", "beta"),
        ("γ", "gamma"),
        ("δ", "delta"),
        ("ε", "varepsilon"),
        ("η", "eta"),
        ("θ", "theta"),
        ("κ", "kappa"),
        ("λ", "lambda"),
        ("μ", "mu"),
        ("ξ", "xi"),
        ("π", "pi"),
        ("ρ", "rho"),
        ("σ", "sigma"),
        ("τ", "tau"),
        ("φ", "varphi"),
        ("ψ", "psi"),
        ("ω", "omega"),
        ("∇", "nabla"),
    ];
    match GREEK.iter().find(|(sign, _)| *sign == letter) {
        Some((_, name)) => format!(r"\{name}"),
        None => letter.into(),
    }
}
