#!/bin/sh
# Builds the bench for CUDA, on a machine without a GPU or a CUDA installation too, and runs it if there is a GPU.
#
#     ./cuda.sh [FOLDER]
#
# The compiler and the headers come from the wheels of NVIDIA (400 MB, into FOLDER, by default target/cuda). The driver
# and the libraries are linked to stubs with the right names, so only the machine that runs the program needs them:
# libcuda.so.1 of the driver, libcudart.so.13, libcublas.so.13, libcublasLt.so.13, libcurand.so.10 and libnvrtc.so.13.
# The wheels that PyTorch for CUDA 13 installs hold all but the first, in site-packages/nvidia/cu13/lib.
#
# CUDA_COMPUTE_CAP is the architecture of the GPU, by default 90 (H100, H200).
set -eu
cd "$(dirname "$0")"
folder=$(realpath -m "${1:-target/cuda}")
toolkit=$folder/nvidia/cu13
stubs=$folder/stubs

if [ ! -x "$toolkit/bin/nvcc" ]; then
    python3 -m pip install --quiet --no-deps --target "$folder" nvidia-cuda-nvcc==13.0.* nvidia-cuda-crt==13.0.* \
        nvidia-nvvm==13.0.* nvidia-cuda-runtime==13.0.* nvidia-cuda-cccl==13.0.* nvidia-curand==10.4.0.*
    chmod +x "$toolkit"/bin/* "$toolkit"/nvvm/bin/*
fi

export CUDA_HOME="$toolkit" CUDA_PATH="$toolkit" NVCC="$toolkit/bin/nvcc" PATH="$toolkit/bin:$PATH"
export CUDA_COMPUTE_CAP="${CUDA_COMPUTE_CAP:-90}" CUDARC_CUDA_VERSION=13000
export LIBRARY_PATH="$stubs"

# The names of the functions are known once the crates that call them are compiled.
cargo build --release --features cuda --lib
mkdir -p "$stubs"
crates=${CARGO_TARGET_DIR:-target}/release/deps
names=$(nm -u "$crates"/libcudarc-*.rlib "$crates"/libcandle_*.rlib 2> /dev/null | sed -n 's/^ *U //p' | sort -u)
stub() {
    echo "$names" | grep -E "$3" | sed 's/.*/void &(void) {}/' > "$stubs/$1.c"
    cc -w -fno-builtin -shared -fPIC "-Wl,-soname,$2" -o "$stubs/lib$1.so" "$stubs/$1.c"
}
stub cuda libcuda.so.1 '^cu[A-Z]'
stub cublas libcublas.so.13 '^cublas[^L]'
stub cublasLt libcublasLt.so.13 '^cublasLt'
stub curand libcurand.so.10 '^curand'
stub nvrtc libnvrtc.so.13 '^nvrtc'
ln -sf "$toolkit/lib/libcudart.so.13" "$stubs/libcudart.so"

cargo bench --features cuda --no-run
if command -v nvidia-smi > /dev/null; then
    nvidia-smi --list-gpus
    LD_LIBRARY_PATH="$toolkit/lib:${LD_LIBRARY_PATH:-}" cargo bench --features cuda
fi
