//! Mathematical expressions. The constructors leave out what is exactly 0 or 1.

/// An expression over the named parts of a program.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// A number, or an array whose elements all equal it.
    Number(f64),
    Name {
        text: String,
        /// Whether the part has one element. Products of several elements are written ⊙.
        single: bool,
    },
    Sum(Vec<Expression>),
    /// coefficient · above / below
    Product {
        coefficient: f64,
        above: Vec<Expression>,
        below: Vec<Expression>,
    },
    Matmul {
        factors: Box<[Expression; 2]>,
        single: bool,
    },
    Transpose(Box<Expression>),
    Power(Box<Expression>, f64),
    /// The sum along some axes, or of all elements.
    Total {
        axes: Option<Vec<usize>>,
        of: Box<Expression>,
    },
    Call {
        function: String,
        x: Vec<Expression>,
        single: bool,
    },
    /// Some elements of an array, by the text between the brackets.
    Elements {
        of: Box<Expression>,
        index: String,
        single: bool,
    },
}

use Expression::*;

impl Expression {
    pub(super) fn name(text: impl Into<String>, single: bool) -> Self {
        Name { text: text.into(), single }
    }

    /// A function that acts element by element.
    pub(super) fn call(function: &str, x: impl IntoIterator<Item = Self>) -> Self {
        let x: Vec<Self> = x.into_iter().collect();
        let (function, x) = match (function, &x[..]) {
            // The slope of relu is the sign of its value.
            ("sign", [Call { function, x, .. }]) if function == "relu" => ("relu′", x.clone()),
            _ => (function, x),
        };
        let single = x.iter().all(Self::is_single);
        Call { function: function.into(), x, single }
    }

    /// Some elements of an array, by the text between the brackets.
    pub(super) fn elements(self, index: String, single: bool) -> Self {
        match self.is_single() {
            true => self, // all elements are equal
            false => Elements { of: Box::new(self), index, single },
        }
    }

    /// Whether the expression has one element.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Number(_) => true,
            Name { single, .. } | Matmul { single, .. } | Elements { single, .. } | Call { single, .. } => *single,
            Sum(terms) => terms.iter().all(Self::is_single),
            Product { above, below, .. } => above.iter().chain(below).all(Self::is_single),
            Transpose(x) | Power(x, _) => x.is_single(),
            Total { axes, .. } => axes.is_none(),
        }
    }

    /// The number of names, numbers and operations.
    pub(super) fn size(&self) -> usize {
        match self {
            Number(_) | Name { .. } => 1,
            Sum(parts) | Call { x: parts, .. } => 1 + parts.iter().map(Self::size).sum::<usize>(),
            Product { coefficient, above, below } => {
                usize::from(*coefficient != 1.0) + above.iter().chain(below).map(|x| 1 + x.size()).sum::<usize>()
            }
            Matmul { factors, .. } => 1 + factors.iter().map(Self::size).sum::<usize>(),
            Transpose(x) | Power(x, _) | Total { of: x, .. } | Elements { of: x, .. } => 1 + x.size(),
        }
    }

    pub(super) fn neg(self) -> Self {
        Number(-1.0).times(self)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let mut terms: Vec<Self> = Vec::new();
        for term in [self, other].into_iter().flat_map(Self::into_terms) {
            let merged = terms.iter_mut().find_map(|other| Some((other.with_like_term(&term)?, other)));
            match merged {
                Some((sum, other)) => *other = sum,
                None => terms.push(term),
            }
        }
        terms.retain(|term| *term != Number(0.0));
        let is_number = |term: &Self| matches!(term, Number(_));
        terms.sort_by_key(is_number); // stable: a number stands at the end
        match terms.len() {
            0 => Number(0.0),
            1 => terms.remove(0),
            _ => Sum(terms),
        }
    }

    /// The sum of two terms that differ in their coefficients only, if it is not rounded.
    fn with_like_term(&self, other: &Self) -> Option<Self> {
        let ((a, above, below), (b, other_above, other_below)) =
            (self.clone().into_factors(), other.clone().into_factors());
        let sum = exact_sum(a, b)?;
        ((&above, &below) == (&other_above, &other_below)).then(|| product(sum, 1.0, above, below))
    }

    fn into_terms(self) -> Vec<Self> {
        match self {
            Sum(terms) => terms,
            term => vec![term],
        }
    }

    pub(super) fn times(self, other: Self) -> Self {
        let ((a, mut above, mut below), (b, more_above, more_below)) = (self.into_factors(), other.into_factors());
        above.extend(more_above);
        below.extend(more_below);
        product(a, b, above, below)
    }

    pub(super) fn over(self, other: Self) -> Self {
        match other {
            Number(c) if c != 0.0 && (1.0 / c) * c == 1.0 && exact_product(1.0 / c, c).is_some() => {
                self.times(Number(1.0 / c))
            }
            other => {
                let ((a, mut above, mut below), (b, divisors, inverted)) = (self.into_factors(), other.into_factors());
                above.extend(inverted);
                below.extend(divisors);
                match (exact_product(1.0 / b, b), b) {
                    (Some(1.0), b) => product(a, 1.0 / b, above, below),
                    (_, b) => {
                        below.insert(0, Number(b));
                        product(a, 1.0, above, below)
                    }
                }
            }
        }
    }

    /// The coefficient, the factors and the divisors.
    fn into_factors(self) -> (f64, Vec<Self>, Vec<Self>) {
        match self {
            Number(c) => (c, Vec::new(), Vec::new()),
            Product { coefficient, above, below } => (coefficient, above, below),
            factor => (1.0, vec![factor], Vec::new()),
        }
    }

    pub(super) fn power(self, exponent: f64) -> Self {
        match (self, exponent) {
            (_, 0.0) => Number(1.0),
            (x, 1.0) => x,
            (Number(c), _) if c == 0.0 || c == 1.0 => Number(c),
            (x, exponent) => Power(Box::new(x), exponent),
        }
    }

    /// c·x. Recognises tanh′(z/2)/4 as σ′(z): the form in which the rule computes it.
    pub(super) fn scaled(self, c: f64) -> Self {
        match self {
            Call { function, x, .. } if function == "tanh′" && c == 0.25 => {
                Self::call("sigmoid′", x.into_iter().map(|z| z.times(Number(2.0))))
            }
            x => Number(c).times(x),
        }
    }

    pub(super) fn matmul(self, other: Self, single: bool) -> Self {
        let ((a, above, below), (b, other_above, other_below)) = (self.into_factors(), other.into_factors());
        let factor = |mut above: Vec<Self>, below: Vec<Self>| match (above.len(), below.len()) {
            (0, 0) => Self::name("𝟏", false), // a matrix of ones
            (1, 0) => above.remove(0),
            _ => product(1.0, 1.0, above, below),
        };
        let factors = Box::new([factor(above, below), factor(other_above, other_below)]);
        product(a, b, vec![Matmul { factors, single }], Vec::new())
    }

    pub(super) fn transpose(self) -> Self {
        match self {
            Number(c) => Number(c),
            Transpose(x) => *x,
            x if x.is_single() => x,
            x => Transpose(Box::new(x)),
        }
    }

    /// The sum along axes, or of all elements. A coefficient is drawn in front of it.
    pub(super) fn total(self, axes: Option<Vec<usize>>) -> Self {
        match self {
            Product { coefficient, above, below } if coefficient != 1.0 => {
                Number(coefficient).times(product(1.0, 1.0, above, below).total(axes))
            }
            x => Total { axes, of: Box::new(x) },
        }
    }

    /// Calls `f` with the text of each name.
    pub(super) fn visit_names(&mut self, f: &mut impl FnMut(&mut String)) {
        match self {
            Number(_) => {}
            Name { text, .. } => f(text),
            Sum(parts) | Call { x: parts, .. } => parts.iter_mut().for_each(|x| x.visit_names(f)),
            Product { above, below, .. } => above.iter_mut().chain(below).for_each(|x| x.visit_names(f)),
            Matmul { factors, .. } => factors.iter_mut().for_each(|x| x.visit_names(f)),
            Transpose(x) | Power(x, _) | Total { of: x, .. } | Elements { of: x, .. } => x.visit_names(f),
        }
    }

    /// The expression with another one in the place of a name.
    pub(super) fn replace(self, name: &str, by: &Self) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|x| x.replace(name, by));
        match self {
            Number(c) => Number(c),
            Name { ref text, .. } if text == name => by.clone(),
            Name { text, single } => Name { text, single },
            Sum(terms) => each(terms).reduce(Self::plus).expect("a sum has terms"),
            Product { coefficient, above, below } => {
                let above = each(above).fold(Number(coefficient), Self::times);
                each(below).fold(above, Self::over)
            }
            Matmul { factors, single } => {
                let [a, b] = factors.map(|x| x.replace(name, by));
                a.matmul(b, single)
            }
            Transpose(x) => x.replace(name, by).transpose(),
            Power(x, exponent) => x.replace(name, by).power(exponent),
            Total { axes, of } => of.replace(name, by).total(axes),
            Call { function, x, single } if x.iter().all(Self::is_single) == single => Self::call(&function, each(x)),
            Call { function, x, single } => Call { function, x: each(x).collect(), single },
            Elements { of, index, single } => of.replace(name, by).elements(index, single),
        }
    }
}

/// a·b · above / below. A coefficient that would be rounded stays apart.
fn product(a: f64, b: f64, mut above: Vec<Expression>, below: Vec<Expression>) -> Expression {
    let coefficient = exact_product(a, b).unwrap_or_else(|| {
        above.insert(0, Number(b.abs()));
        a.copysign(a * b)
    });
    let (factors, divisors) = (powers(above), powers(below));
    match (coefficient, &factors[..], &divisors[..]) {
        (0.0, ..) => Number(0.0),
        (c, [], []) => Number(c),
        (1.0, [factor], []) => factor.clone(),
        _ => Product { coefficient, above: factors, below: divisors },
    }
}

/// The factors, with equal ones as powers: x·y·x → x²·y.
fn powers(factors: Vec<Expression>) -> Vec<Expression> {
    let mut powers: Vec<(Expression, f64)> = Vec::new();
    for factor in factors {
        let (base, exponent) = match factor {
            Power(base, n) if n > 0.0 && n.fract() == 0.0 => (*base, n),
            factor => (factor, 1.0),
        };
        match powers.iter_mut().find(|(other, _)| *other == base && !matches!(base, Number(_))) {
            Some((_, sum)) => *sum += exponent,
            None => powers.push((base, exponent)),
        }
    }
    powers.into_iter().map(|(base, exponent)| base.power(exponent)).collect()
}

/// a·b, if it is not rounded.
fn exact_product(a: f64, b: f64) -> Option<f64> {
    let product = a * b;
    (a.mul_add(b, -product) == 0.0).then_some(product)
}

/// a + b, if it is not rounded (the error of Knuth's two-sum is 0).
fn exact_sum(a: f64, b: f64) -> Option<f64> {
    let sum = a + b;
    let part = sum - a;
    ((a - (sum - part)) + (b - part) == 0.0).then_some(sum)
}
