// A background thread that answers the newest request only. Requests that a newer one has overtaken are
// dropped, and the job in progress is asked to stop. Takes values, gives values; answers arrive on the
// owner's thread.
#pragma once

#include <QMetaObject>
#include <QObject>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace atlas::app {

enum class Overtaken {
    Stop,  ///< a newer request stops the job in progress: for long jobs whose late answer is worthless
    Finish ///< the job in progress is finished and delivered: for short jobs in a steady stream, such as
           ///< frames
};

template <class Request, class Answer>
class LatestWorker {
public:
    using Job = std::function<Answer(const Request&, std::stop_token)>;
    using Deliver = std::function<void(Answer)>;

    /// `deliver` is called on the thread of `owner`, which must outlive this worker.
    LatestWorker(QObject* owner, Overtaken overtaken, Job job, Deliver deliver)
        : m_owner(owner)
        , m_overtaken(overtaken)
        , m_job(std::move(job))
        , m_deliver(std::move(deliver))
        , m_thread([this](std::stop_token stop) { loop(stop); }) {}

    ~LatestWorker() {
        {
            const std::lock_guard lock(m_mutex);
            m_pending.reset();
            m_current.request_stop();
        }
        m_thread.request_stop();
        m_wake.notify_all();
    }
    LatestWorker(const LatestWorker&) = delete;
    LatestWorker& operator=(const LatestWorker&) = delete;

    void request(Request request) {
        {
            const std::lock_guard lock(m_mutex);
            m_pending = std::move(request);
            ++m_newest;
            if (m_overtaken == Overtaken::Stop) {
                m_current.request_stop();
            }
        }
        m_wake.notify_all();
    }

    /// Forgets what was asked: no answer to an earlier request will be delivered.
    void cancel() {
        const std::lock_guard lock(m_mutex);
        m_pending.reset();
        m_delivered = ++m_newest;
        m_current.request_stop();
    }

    /// True while a request waits or runs.
    [[nodiscard]] bool busy() const {
        const std::lock_guard lock(m_mutex);
        return m_newest != m_delivered;
    }

private:
    void loop(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::optional<Request> request;
            std::uint64_t id = 0;
            std::stop_token jobStop;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, stop, [this] { return m_pending.has_value(); });
                if (stop.stop_requested()) {
                    return;
                }
                request.swap(m_pending);
                id = m_newest;
                m_current = std::stop_source();
                jobStop = m_current.get_token();
            }
            Answer answer = m_job(*request, jobStop);
            if (stop.stop_requested()) {
                return;
            }
            QMetaObject::invokeMethod(
                m_owner, [this, id, answer = std::move(answer)]() mutable { arrive(id, std::move(answer)); },
                Qt::QueuedConnection);
        }
    }

    void arrive(std::uint64_t id, Answer answer) {
        {
            const std::lock_guard lock(m_mutex);
            const bool late = id < m_newest && m_overtaken == Overtaken::Stop;
            if (late || id <= m_delivered) {
                return;
            }
            m_delivered = id;
        }
        m_deliver(std::move(answer));
    }

    QObject* m_owner;
    Overtaken m_overtaken;
    Job m_job;
    Deliver m_deliver;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Request> m_pending;
    std::stop_source m_current;
    std::uint64_t m_newest = 0;
    std::uint64_t m_delivered = 0;
    std::jthread m_thread; ///< last: starts when everything above is there, joined first
};

} // namespace atlas::app
