// Gradients of the programs of ../scalar by CoDiPack, on one tape of its default type for speed (`RealReverse`).
//
// Reads lines `PROGRAM REPEATS`; answers each by a line with the seconds taken, and the sum and the sum of the squares of
// all derivatives of one repeat.
#include "programs.hpp"
#include <chrono>
#include <codi.hpp>
#include <cstdio>
#include <iostream>
#include <string>

using Real = codi::RealReverse;
using Tape = Real::Tape;

template <class Program> struct Gradient {
    Program program;
    std::vector<double> x = program.inputs(), g = std::vector<double>(x.size());
    std::vector<Real> inputs = std::vector<Real>(x.size());

    void run() {
        Tape &tape = Real::getTape();
        tape.reset();
        tape.setActive();
        for (size_t i = 0; i < x.size(); ++i) {
            inputs[i] = x[i];
            tape.registerInput(inputs[i]);
        }
        Real y = program.program(inputs);
        tape.registerOutput(y);
        tape.setPassive();
        y.setGradient(1.0);
        tape.evaluate();
        for (size_t i = 0; i < x.size(); ++i) g[i] = inputs[i].getGradient();
    }
};

struct Jacobians {
    std::vector<Bundle::Block> blocks = Bundle::blocks();
    std::vector<double> g = std::vector<double>(blocks.size() * Bundle::OUTPUTS * Bundle::PARAMETERS);

    void run() {
        Tape &tape = Real::getTape();
        double *row = g.data();
        for (const auto &block : blocks) {
            tape.reset();
            tape.setActive();
            Real x[Bundle::PARAMETERS], y[Bundle::OUTPUTS];
            for (size_t i = 0; i < Bundle::PARAMETERS; ++i) {
                x[i] = block[i];
                tape.registerInput(x[i]);
            }
            Bundle::residuals(x, &block[Bundle::PARAMETERS], y);
            for (Real &y : y) tape.registerOutput(y);
            tape.setPassive();
            for (Real &y : y) {
                y.setGradient(1.0);
                tape.evaluate();
                for (Real &x : x) *row++ = x.getGradient();
                tape.clearAdjoints();
            }
        }
    }
};

template <class Work> void measure(size_t repeats) {
    static Work work;
    const auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < repeats; ++i) work.run();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    double sum = 0.0, squares = 0.0;
    for (double g : work.g) {
        sum += g;
        squares += g * g;
    }
    std::printf("%.17g %.17g %.17g\n", taken.count(), sum, squares);
    std::fflush(stdout);
}

int main() {
    std::string name;
    for (size_t repeats; std::cin >> name >> repeats;) {
        if (name == "rosenbrock_1e5") measure<Gradient<Rosenbrock>>(repeats);
        else if (name == "mlp_64-64-64-1") measure<Gradient<Mlp>>(repeats);
        else if (name == "monte_carlo") measure<Gradient<MonteCarlo>>(repeats);
        else if (name == "gmm") measure<Gradient<Gmm>>(repeats);
        else if (name == "chain_1e6") measure<Gradient<Chain>>(repeats);
        else if (name == "ode_1e3") measure<Gradient<Ode<1000>>>(repeats);
        else if (name == "ode_1e4") measure<Gradient<Ode<10000>>>(repeats);
        else if (name == "lstm_l2_c1024") measure<Gradient<Lstm>>(repeats);
        else if (name == "determinant_7x7") measure<Gradient<Determinant>>(repeats);
        else if (name == "bundle_2x15") measure<Jacobians>(repeats);
        else return std::fprintf(stderr, "codipack: no program %s\n", name.c_str()), 1;
    }
}
