// Depthwise convolution for training on CPUs with AVX-512: bfloat16 NHWC in and out, float32 arithmetic.
//
// The input activation, the bias (a folded batch normalisation) and the output activation are part of the
// operator, so that an inverted bottleneck is two matrix products and one call. Works on blocks of 16 channels:
// a block of one image is expanded to a zero-padded float32 buffer that stays in the L2 cache.
#include <immintrin.h>
#include <torch/extension.h>

#include <vector>

namespace {

enum Activation : int64_t { kNone = 0, kRelu6 = 1, kRelu = 2 };
constexpr int kLanes = 16;
using Bf16 = uint16_t;

inline __m512 load_bf16(const Bf16* p, __mmask16 m) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, p)), 16));
}

inline void store_bf16(Bf16* p, __m512 v, __mmask16 m) {
  _mm256_mask_storeu_epi16(p, m, (__m256i)_mm512_cvtneps_pbh(v));
}

inline __m512 activate(__m512 v, int64_t act) {
  if (act == kNone) return v;
  v = _mm512_max_ps(v, _mm512_setzero_ps());
  return act == kRelu6 ? _mm512_min_ps(v, _mm512_set1_ps(6.f)) : v;
}

// Where the activation lets a gradient through, given its input or its output.
inline __mmask16 open_mask(__m512 v, int64_t act) {
  if (act == kNone) return 0xffff;
  __mmask16 m = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_GT_OQ);
  return act == kRelu6 ? m & _mm512_cmp_ps_mask(v, _mm512_set1_ps(6.f), _CMP_LT_OQ) : m;
}

struct Shape {
  int64_t n, h, w, c, oh, ow, stride;
};

// One image and channel block, activated, into the interior of a zeroed (h + 2 pad, w + 2 pad) buffer.
void fill_padded(const Bf16* x, float* buf, const Shape& s, int pad, __mmask16 m, int64_t act) {
  const int64_t pw = s.w + 2 * pad;
  for (int64_t y = 0; y < s.h; ++y)
    for (int64_t i = 0; i < s.w; ++i)
      _mm512_storeu_ps(buf + ((y + pad) * pw + i + pad) * kLanes, activate(load_bf16(x + (y * s.w + i) * s.c, m), act));
}

template <int K, int T>
inline void conv_tile(const float* in, int64_t pw, int64_t step, const float* w, __m512 bias, __m512* acc) {
  for (int t = 0; t < T; ++t) acc[t] = bias;
  for (int ky = 0; ky < K; ++ky)
#pragma GCC unroll 7
    for (int kx = 0; kx < K; ++kx) {
      const __m512 wv = _mm512_load_ps(w + (ky * K + kx) * kLanes);
#pragma GCC unroll 8
      for (int t = 0; t < T; ++t)
        acc[t] = _mm512_fmadd_ps(_mm512_loadu_ps(in + (ky * pw + t * step + kx) * kLanes), wv, acc[t]);
    }
}

// Correlates a padded buffer with a K x K window; `emit(pixel, value)` receives each output pixel.
template <int K, class Emit>
void correlate(const float* buf, int64_t pw, int64_t oh, int64_t ow, int64_t stride, const float* w, __m512 bias, Emit emit) {
  constexpr int T = 8;
  __m512 acc[T];
  for (int64_t y = 0; y < oh; ++y) {
    const float* row = buf + y * stride * pw * kLanes;
    int64_t i = 0;
    for (; i + T <= ow; i += T) {
      conv_tile<K, T>(row + i * stride * kLanes, pw, stride, w, bias, acc);
      for (int t = 0; t < T; ++t) emit(y * ow + i + t, acc[t]);
    }
    for (; i < ow; ++i) {
      conv_tile<K, 1>(row + i * stride * kLanes, pw, stride, w, bias, acc);
      emit(y * ow + i, acc[0]);
    }
  }
}

template <int K>
void gather_weights(const float* w, int64_t c, int lanes, bool flip, float* out) {
  for (int k = 0; k < K * K; ++k)
    for (int l = 0; l < kLanes; ++l) out[k * kLanes + l] = l < lanes ? w[(c + l) * K * K + (flip ? K * K - 1 - k : k)] : 0.f;
}

template <int K>
void forward_k(const Bf16* x, const float* w, const float* b, Bf16* y, const Shape& s, int64_t in_act, int64_t out_act) {
  constexpr int pad = K / 2;
  const int64_t pw = s.w + 2 * pad;
  std::vector<float> buf((s.h + 2 * pad) * pw * kLanes, 0.f);
  alignas(64) float wk[K * K * kLanes];
  for (int64_t c = 0; c < s.c; c += kLanes) {
    const int lanes = std::min<int64_t>(kLanes, s.c - c);
    const __mmask16 m = lanes == kLanes ? 0xffff : (1u << lanes) - 1;
    gather_weights<K>(w, c, lanes, false, wk);
    const __m512 bias = _mm512_maskz_loadu_ps(m, b + c);
    for (int64_t n = 0; n < s.n; ++n) {
      fill_padded(x + n * s.h * s.w * s.c + c, buf.data(), s, pad, m, in_act);
      Bf16* out = y + n * s.oh * s.ow * s.c + c;
      correlate<K>(buf.data(), pw, s.oh, s.ow, s.stride, wk, bias,
                   [&](int64_t p, __m512 v) { store_bf16(out + p * s.c, activate(v, out_act), m); });
    }
  }
}

template <int K>
void backward_k(const Bf16* x, const float* w, const Bf16* y, const Bf16* gy, Bf16* gx, float* gw, float* gb, const Shape& s,
                int64_t in_act, int64_t out_act) {
  constexpr int pad = K / 2;
  const int64_t pw = s.w + 2 * pad, gh = s.h + 2 * pad;
  // The gradient is spread on the input's grid (zeros between for stride 2): its correlation with the
  // flipped window is the input's gradient at any stride.
  std::vector<float> in(gh * pw * kLanes, 0.f), spread(gh * pw * kLanes, 0.f);
  alignas(64) float wk[K * K * kLanes];
  for (int64_t c = 0; c < s.c; c += kLanes) {
    const int lanes = std::min<int64_t>(kLanes, s.c - c);
    const __mmask16 m = lanes == kLanes ? 0xffff : (1u << lanes) - 1;
    gather_weights<K>(w, c, lanes, true, wk);
    __m512 sum_w[K * K], sum_b = _mm512_setzero_ps();
    for (auto& v : sum_w) v = _mm512_setzero_ps();
    for (int64_t n = 0; n < s.n; ++n) {
      const Bf16* xn = x + n * s.h * s.w * s.c + c;
      fill_padded(xn, in.data(), s, pad, m, in_act);
      const int64_t base = n * s.oh * s.ow * s.c + c;
      for (int64_t oy = 0; oy < s.oh; ++oy)
        for (int64_t ox = 0; ox < s.ow; ++ox) {
          const int64_t p = base + (oy * s.ow + ox) * s.c;
          const __m512 g = _mm512_maskz_mov_ps(open_mask(load_bf16(y + p, m), out_act), load_bf16(gy + p, m));
          sum_b = _mm512_add_ps(sum_b, g);
          _mm512_storeu_ps(spread.data() + ((oy * s.stride + pad) * pw + ox * s.stride + pad) * kLanes, g);
        }
      for (int ky = 0; ky < K; ++ky) {
        __m512 acc[K];
        for (int k = 0; k < K; ++k) acc[k] = sum_w[ky * K + k];
        for (int64_t oy = 0; oy < s.oh; ++oy) {
          const float* g = spread.data() + ((oy * s.stride + pad) * pw + pad) * kLanes;
          const float* row = in.data() + (oy * s.stride + ky) * pw * kLanes;
          for (int64_t ox = 0; ox < s.ow; ++ox) {
            const __m512 gv = _mm512_loadu_ps(g + ox * s.stride * kLanes);
#pragma GCC unroll 7
            for (int k = 0; k < K; ++k)
              acc[k] = _mm512_fmadd_ps(_mm512_loadu_ps(row + (ox * s.stride + k) * kLanes), gv, acc[k]);
          }
        }
        for (int k = 0; k < K; ++k) sum_w[ky * K + k] = acc[k];
      }
      Bf16* out = gx + n * s.h * s.w * s.c + c;
      correlate<K>(spread.data(), pw, s.h, s.w, 1, wk, _mm512_setzero_ps(), [&](int64_t p, __m512 v) {
        store_bf16(out + p * s.c, _mm512_maskz_mov_ps(open_mask(load_bf16(xn + p * s.c, m), in_act), v), m);
      });
    }
    alignas(64) float lane[kLanes];
    for (int k = 0; k < K * K; ++k) {
      _mm512_store_ps(lane, sum_w[k]);
      for (int l = 0; l < lanes; ++l) gw[(c + l) * K * K + k] = lane[l];
    }
    _mm512_mask_storeu_ps(gb + c, m, sum_b);
  }
}

Shape shape_of(const at::Tensor& x, int64_t k, int64_t stride) {
  TORCH_CHECK(x.dim() == 4 && x.scalar_type() == at::kBFloat16 && x.is_contiguous(), "expected contiguous NHWC bfloat16");
  Shape s{x.size(0), x.size(1), x.size(2), x.size(3), 0, 0, stride};
  s.oh = (s.h - 1) / stride + 1;
  s.ow = (s.w - 1) / stride + 1;
  return s;
}

template <class F>
void with_kernel(int64_t k, F&& f) {
  if (k == 3) return f(std::integral_constant<int, 3>());
  if (k == 5) return f(std::integral_constant<int, 5>());
  if (k == 7) return f(std::integral_constant<int, 7>());
  TORCH_CHECK(false, "unsupported window ", k);
}

const Bf16* raw(const at::Tensor& t) { return reinterpret_cast<const Bf16*>(t.data_ptr<at::BFloat16>()); }

}  // namespace

at::Tensor forward(at::Tensor x, at::Tensor w, at::Tensor b, int64_t stride, int64_t in_act, int64_t out_act) {
  const int64_t k = w.size(-1);
  const Shape s = shape_of(x, k, stride);
  auto y = at::empty({s.n, s.oh, s.ow, s.c}, x.options());
  auto wf = w.contiguous(), bf = b.contiguous();
  with_kernel(k, [&](auto kk) {
    forward_k<kk.value>(raw(x), wf.data_ptr<float>(), bf.data_ptr<float>(), const_cast<Bf16*>(raw(y)), s, in_act, out_act);
  });
  return y;
}

std::vector<at::Tensor> backward(at::Tensor x, at::Tensor w, at::Tensor y, at::Tensor gy, int64_t stride, int64_t in_act,
                                 int64_t out_act) {
  const int64_t k = w.size(-1);
  const Shape s = shape_of(x, k, stride);
  auto g = gy.contiguous(), wf = w.contiguous();
  auto gx = at::empty_like(x), gw = at::empty_like(wf), gb = at::empty({s.c}, wf.options());
  with_kernel(k, [&](auto kk) {
    backward_k<kk.value>(raw(x), wf.data_ptr<float>(), raw(y), raw(g), const_cast<Bf16*>(raw(gx)), gw.data_ptr<float>(),
                         gb.data_ptr<float>(), s, in_act, out_act);
  });
  return {gx, gw, gb};
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("forward", &forward, py::call_guard<py::gil_scoped_release>());
  m.def("backward", &backward, py::call_guard<py::gil_scoped_release>());
}
