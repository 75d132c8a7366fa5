//! Numbers in words and on axes.

use plotters::data::float::pretty_print_float;

/// A number with three significant digits. Far from 1, as a multiple of a power of ten: `1.5·10⁻⁶`.
pub(super) fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return x.abs().to_string();
    }
    let power = x.abs().log10().floor() as i32;
    let rounded = format!("{:.2e}", x);
    let (digits, _) = rounded.split_once('e').unwrap_or((&rounded, ""));
    let minus = |text: String| text.replace('-', "−");
    match power {
        -3..=4 => minus(pretty_print_float(rounded.parse().unwrap_or(x), false)),
        _ => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            let times = if digits == "1" { String::new() } else { format!("{}·", minus(digits.to_owned())) };
            format!("{times}10{}", superscript(power))
        }
    }
}

fn superscript(power: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        _ => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c.to_digit(10).unwrap_or(0) as usize],
    };
    power.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_three_digits_and_powers_of_ten() {
        let shown = [0.0, 1.0, -4.0, 0.12345, 1234.5, 1e-6, 2.5e7, -1.5e-5].map(number);
        assert_eq!(shown, ["0", "1", "−4", "0.123", "1230", "10⁻⁶", "2.5·10⁷", "−1.5·10⁻⁵"]);
    }
}
