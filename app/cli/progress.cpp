#include "app/cli/progress.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ostream>

#include <unistd.h>

namespace atlas::cli {

namespace {

using namespace std::chrono_literals;

constexpr int kBarWidth = 32;
volatile std::sig_atomic_t interrupted = 0; // the only thing a signal handler may touch

void onInterrupt(int) {
    interrupted = 1;
}

void paint(std::ostream& err, const std::string& what, double share) {
    const int full = static_cast<int>(share * kBarWidth);
    std::string bar(static_cast<std::size_t>(kBarWidth), '.');
    std::fill_n(bar.begin(), std::clamp(full, 0, kBarWidth), '#');
    err << '\r' << what << " [" << bar << "] " << static_cast<int>(share * 100.0) << " %" << std::flush;
}

} // namespace

ProgressBar::ProgressBar(std::ostream& err, std::string what, bool quiet)
    : m_err(err)
    , m_what(std::move(what)) {
    if (quiet || isatty(STDERR_FILENO) == 0) {
        return;
    }
    m_painter = std::jthread([this](std::stop_token stop) {
        while (!stop.stop_requested()) {
            paint(m_err, m_what, m_share.load());
            std::this_thread::sleep_for(50ms);
        }
        m_err << '\r' << std::string(m_what.size() + kBarWidth + 10, ' ') << '\r' << std::flush;
    });
}

ProgressBar::~ProgressBar() = default;

std::function<void(double)> ProgressBar::sink() {
    return [this](double share) { m_share.store(share); };
}

InterruptGuard::InterruptGuard() {
    interrupted = 0;
    m_before = std::signal(SIGINT, onInterrupt);
    m_watcher = std::jthread([this](std::stop_token stop) {
        while (!stop.stop_requested()) {
            if (interrupted != 0) {
                m_source.request_stop();
                return;
            }
            std::this_thread::sleep_for(20ms);
        }
    });
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, m_before);
}

} // namespace atlas::cli
