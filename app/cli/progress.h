// Progress on a terminal, and Ctrl+C as a wish to stop.
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <stop_token>
#include <string>
#include <thread>

namespace atlas::cli {

/// A bar on standard error while work goes on; nothing where that is no terminal or `quiet` is set. Redrawn
/// at most twenty times a second, gone when destroyed.
class ProgressBar {
public:
    ProgressBar(std::ostream& err, std::string what, bool quiet);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    /// From any thread: the share done.
    [[nodiscard]] std::function<void(double)> sink();

private:
    std::ostream& m_err;
    std::string m_what;
    std::atomic<double> m_share = 0;
    std::jthread m_painter; ///< last: it reads the others
};

/// While it lives Ctrl+C does not end the program but asks the work to stop. One at a time.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    void (*m_before)(int);
    std::jthread m_watcher; ///< last: it stops the source
};

} // namespace atlas::cli
