// Speculative decoding: a cheap draft guesses some tokens, the model verifies them in one step.
#pragma once

namespace atlas::serving {

struct Speculation {
    double drafted = 0;    ///< tokens guessed ahead; 0: off
    double acceptance = 0; ///< chance that a guessed token is right, given that those before it were
    double draftCost = 0;  ///< of one guess, in steps of the model without speculation
};

/// Tokens a step yields, mean: 1 + a + a^2 + ... + a^k = (1 - a^(k + 1)) / (1 - a). Leviathan, Kalman,
/// Matias, "Fast Inference from Transformers via Speculative Decoding", ICML 2023, equation 1.
[[nodiscard]] double tokensPerStep(const Speculation& speculation);

/// Tokens a sequence puts through the model in a step: the guesses and the one that is sure.
[[nodiscard]] inline double tokensVerified(const Speculation& s) {
    return 1.0 + s.drafted;
}

} // namespace atlas::serving
