// The programs of ../scalar, for the numbers of any library.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

// `n` pseudorandom numbers in [−1, 1), the same as in ../scalar/workload.rs.
inline std::vector<double> noise(size_t n, uint64_t state) {
    std::vector<double> numbers(n);
    for (double &x : numbers) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        x = double(state >> 11) / double(uint64_t(1) << 52) - 1.0;
    }
    return numbers;
}

struct Rosenbrock {
    std::vector<double> inputs() const { return noise(100000, 1); }

    template <class T> T program(const std::vector<T> &x) const {
        T sum = 0.0;
        for (size_t i = 1; i < x.size(); ++i) {
            T a = 1.0 - x[i - 1], b = x[i] - x[i - 1] * x[i - 1];
            sum += a * a + 100.0 * (b * b);
        }
        return sum;
    }
};

struct Mlp {
    static constexpr size_t N = 64, LAYER = N * N + N;
    std::vector<double> x = noise(N, 2);

    std::vector<double> inputs() const {
        auto w = noise(2 * LAYER + N + 1, 3);
        for (double &w : w) w *= 0.3;
        return w;
    }

    template <class T, class X> static T dot(const T *w, const X *x, const T &bias) {
        T sum = bias;
        for (size_t i = 0; i < N; ++i) sum += w[i] * x[i];
        return sum;
    }

    template <class T, class X> static void layer(const T *w, const X *x, T *y) {
        for (size_t i = 0; i < N; ++i) y[i] = tanh(dot(w + i * N, x, w[N * N + i]));
    }

    template <class T> T program(const std::vector<T> &w) const {
        T h1[N], h2[N];
        layer(w.data(), x.data(), h1);
        layer(w.data() + LAYER, h1, h2);
        T error = dot(w.data() + 2 * LAYER, h2, w[2 * LAYER + N]) - 0.5;
        return error * error;
    }
};

struct MonteCarlo {
    static constexpr size_t PATHS = 6000, STEPS = 8;
    static constexpr double DT = 0.125, SQRT_DT = 0.3535533905932738;
    std::vector<double> shocks;

    MonteCarlo() : shocks(noise(PATHS * STEPS * 2, 4)) {
        for (double &z : shocks) z *= 1.7;
    }

    std::vector<double> inputs() const { return {100.0, 0.03, 105.0, -1.6, 1.5, -1.5, 0.4, -0.5}; }

    template <class T> T program(const std::vector<T> &x) const {
        T independent = sqrt(1.0 - x[7] * x[7]), sum = 0.0;
        for (size_t path = 0; path < PATHS; ++path) {
            T log_price = log(x[0]), log_volatility = x[3];
            for (size_t step = 0; step < STEPS; ++step) {
                double z0 = shocks[2 * (path * STEPS + step)], z1 = shocks[2 * (path * STEPS + step) + 1];
                T volatility = exp(log_volatility);
                log_price += (x[1] - volatility * volatility * 0.5) * DT;
                log_price += volatility * SQRT_DT * (x[7] * z0 + independent * z1);
                log_volatility += x[4] * (x[5] - log_volatility) * DT + x[6] * SQRT_DT * z0;
            }
            T payoff = exp(log_price) - x[2];
            if (payoff > 0.0) sum += payoff;
        }
        return exp(-x[1] * (DT * STEPS)) * sum * (1.0 / PATHS);
    }
};

struct Gmm {
    static constexpr size_t POINTS = 1000, D = 10, K = 25, LOWER = D * (D - 1) / 2, SIZE = 1 + D + D + LOWER;
    std::vector<double> points = noise(POINTS * D, 5);

    std::vector<double> inputs() const { return noise(K * SIZE, 6); }

    template <class T> static T logsumexp(const std::array<T, K> &x) {
        T largest = x[0], sum = 0.0;
        for (const T &x : x)
            if (x > largest) largest = x;
        for (const T &x : x) sum += exp(x - largest);
        return log(sum) + largest;
    }

    template <class T> T program(const std::vector<T> &x) const {
        std::array<T, K> weights, constants, terms;
        std::vector<T> diagonals(K * D);
        for (size_t k = 0; k < K; ++k) {
            weights[k] = constants[k] = x[k * SIZE];
            for (size_t i = 0; i < D; ++i) {
                constants[k] += x[k * SIZE + 1 + D + i];
                diagonals[k * D + i] = exp(x[k * SIZE + 1 + D + i]);
            }
        }
        T sum = 0.0;
        for (size_t n = 0; n < POINTS; ++n) {
            for (size_t k = 0; k < K; ++k) {
                const T *mean = &x[k * SIZE + 1], *row = mean + 2 * D;
                T offset[D], squares = 0.0;
                for (size_t i = 0; i < D; ++i) offset[i] = points[n * D + i] - mean[i];
                for (size_t i = 0; i < D; row += i, ++i) {
                    T q = diagonals[k * D + i] * offset[i];
                    for (size_t j = 0; j < i; ++j) q += row[j] * offset[j];
                    squares += q * q;
                }
                terms[k] = constants[k] - squares * 0.5;
            }
            sum += logsumexp(terms);
        }
        return sum - double(POINTS) * logsumexp(weights);
    }
};

struct Chain {
    std::vector<double> inputs() const { return {0.7, 1.0, 0.0}; }

    template <class T> T program(const std::vector<T> &x) const {
        T y = x[0];
        for (size_t i = 0; i < 1000000; ++i) y = sin(y) * x[1] + x[2];
        return y;
    }
};

template <size_t N> struct Ode {
    static constexpr size_t STEPS = 10;

    std::vector<double> inputs() const { return noise(N, 8); }

    template <class T> static void rates(const std::vector<T> &x, const std::vector<T> &y, std::vector<T> &rates) {
        rates[0] = x[0];
        for (size_t i = 1; i < N; ++i) rates[i] = x[i] * y[i - 1];
    }

    template <class T> T program(const std::vector<T> &x) const {
        const double h = 1.0 / STEPS, half = h * 0.5, sixth = h / 6.0;
        std::vector<T> y(N, T(1.0)), between(N), k1(N), k2(N), k3(N), k4(N);
        for (size_t step = 0; step < STEPS; ++step) {
            rates(x, y, k1);
            for (size_t i = 0; i < N; ++i) between[i] = y[i] + k1[i] * half;
            rates(x, between, k2);
            for (size_t i = 0; i < N; ++i) between[i] = y[i] + k2[i] * half;
            rates(x, between, k3);
            for (size_t i = 0; i < N; ++i) between[i] = y[i] + k3[i] * h;
            rates(x, between, k4);
            for (size_t i = 0; i < N; ++i) y[i] += (k1[i] + (k2[i] + k3[i]) * 2.0 + k4[i]) * sixth;
        }
        T sum = 0.0;
        for (const T &y : y) sum += y;
        return sum;
    }
};

struct Determinant {
    static constexpr size_t N = 7;

    std::vector<double> inputs() const { return noise(N * N, 9); }

    template <class T> static T minor(const std::vector<T> &x, size_t row, unsigned columns) {
        T sum = 0.0;
        bool positive = true;
        for (size_t j = 0; j < N; ++j) {
            if (!(columns >> j & 1)) continue;
            if (row == N - 1) return x[row * N + j];
            if (positive)
                sum += x[row * N + j] * minor(x, row + 1, columns & ~(1u << j));
            else
                sum -= x[row * N + j] * minor(x, row + 1, columns & ~(1u << j));
            positive = !positive;
        }
        return sum;
    }

    template <class T> T program(const std::vector<T> &x) const { return minor(x, 0, (1u << N) - 1); }
};

struct Lstm {
    static constexpr size_t LAYERS = 2, CHARACTERS = 1024, BITS = 14, LAYER = 8 * BITS, OUTSIDE = 3 * BITS;
    std::vector<double> text = noise(CHARACTERS * BITS, 10), start = noise(LAYERS * 2 * BITS, 11);

    Lstm() {
        for (double &x : text) x = x < 0.0 ? 0.0 : 1.0;
    }

    std::vector<double> inputs() const { return noise(OUTSIDE + LAYERS * LAYER, 12); }

    template <class T> static void step(const T *w, const T *x, T *hidden, T *cell) {
        for (size_t i = 0; i < BITS; ++i) {
            auto gate = [&](size_t k, const T &x) -> T { return x * w[k * BITS + i] + w[(4 + k) * BITS + i]; };
            T g0 = gate(0, x[i]), g1 = gate(1, hidden[i]), g2 = gate(2, x[i]);
            T forget = 1.0 / (exp(-g0) + 1.0), write = 1.0 / (exp(-g1) + 1.0), read = 1.0 / (exp(-g2) + 1.0);
            T change = tanh(gate(3, hidden[i]));
            cell[i] = cell[i] * forget + write * change;
            hidden[i] = read * tanh(cell[i]);
        }
    }

    template <class T> T program(const std::vector<T> &x) const {
        std::vector<T> state(start.begin(), start.end());
        T signal[BITS], sum = 0.0;
        for (size_t t = 0; t + 1 < CHARACTERS; ++t) {
            const double *now = &text[t * BITS], *next = now + BITS;
            for (size_t i = 0; i < BITS; ++i) signal[i] = x[i] * now[i];
            for (size_t layer = 0; layer < LAYERS; ++layer) {
                T *hidden = &state[layer * 2 * BITS];
                step(&x[OUTSIDE + layer * LAYER], signal, hidden, hidden + BITS);
                std::copy(hidden, hidden + BITS, signal);
            }
            T total = 0.0;
            for (size_t i = 0; i < BITS; ++i) {
                signal[i] = signal[i] * x[BITS + i] + x[2 * BITS + i];
                total += exp(signal[i]);
            }
            T normalisation = log(total + 2.0);
            for (size_t i = 0; i < BITS; ++i) sum += next[i] * (signal[i] - normalisation);
        }
        return sum * (-1.0 / ((CHARACTERS - 1) * BITS));
    }
};

struct Bundle {
    static constexpr size_t OBSERVATIONS = 1000, PARAMETERS = 15, OUTPUTS = 2;
    using Block = std::array<double, PARAMETERS + 2>;

    static std::vector<Block> blocks() {
        const auto numbers = noise(OBSERVATIONS * (PARAMETERS + 2), 13);
        std::vector<Block> blocks(OBSERVATIONS);
        for (size_t k = 0; k < OBSERVATIONS; ++k) {
            std::copy_n(&numbers[k * (PARAMETERS + 2)], PARAMETERS + 2, blocks[k].begin());
            blocks[k][6] += 3.0;
            blocks[k][9] *= 0.1;
            blocks[k][10] *= 0.01;
            blocks[k][13] += 5.0;
        }
        return blocks;
    }

    template <class T> static void cross(const T *a, const T *b, T *y) {
        y[0] = a[1] * b[2] - a[2] * b[1];
        y[1] = a[2] * b[0] - a[0] * b[2];
        y[2] = a[0] * b[1] - a[1] * b[0];
    }

    template <class T> static void rotate(const T *axis, const T *x, T *y) {
        T square = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2], v[3];
        if (square == 0.0) {
            cross(axis, x, v);
            for (size_t i = 0; i < 3; ++i) y[i] = x[i] + v[i];
            return;
        }
        T angle = sqrt(square), s = sin(angle), c = cos(angle);
        T unit[3] = {axis[0] / angle, axis[1] / angle, axis[2] / angle};
        cross(unit, x, v);
        T along = (unit[0] * x[0] + unit[1] * x[1] + unit[2] * x[2]) * (1.0 - c);
        for (size_t i = 0; i < 3; ++i) y[i] = x[i] * c + v[i] * s + unit[i] * along;
    }

    template <class T> static void residuals(const T *p, const double *pixel, T *y) {
        T at[3] = {p[11] - p[3], p[12] - p[4], p[13] - p[5]}, x[3];
        rotate(p, at, x);
        T u = x[0] / x[2], v = x[1] / x[2];
        T square = u * u + v * v;
        T scale = (1.0 + p[9] * square + p[10] * square * square) * p[6];
        y[0] = (u * scale + p[7] - pixel[0]) * p[14];
        y[1] = (v * scale + p[8] - pixel[1]) * p[14];
    }
};
