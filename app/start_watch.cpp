#include "app/start_watch.h"

#include <QElapsedTimer>
#include <QFile>
#include <QList>

#include <ctime>
#include <unistd.h>

namespace atlas::app {

namespace {

double statusMb(const char* field) {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith(field)) {
            return line.simplified().split(' ').value(1).toDouble() * 1024e-6;
        }
    }
    return 0;
}

} // namespace

double sinceProcessStartMs() {
    static QElapsedTimer fallback;
    if (!fallback.isValid()) {
        fallback.start();
    }
    // Field 22 of /proc/self/stat is the start in clock ticks since boot; the name in field 2 may hold
    // blanks.
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (stat.open(QIODevice::ReadOnly)) {
        const QByteArray line = stat.readAll();
        const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        timespec now{};
        const long ticks = sysconf(_SC_CLK_TCK);
        if (fields.size() > 19 && ticks > 0 && clock_gettime(CLOCK_BOOTTIME, &now) == 0) {
            const double startS = fields[19].toDouble() / static_cast<double>(ticks);
            return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - startS) * 1e3;
        }
    }
    return static_cast<double>(fallback.nsecsElapsed()) * 1e-6;
}

double peakResidentMb() {
    return statusMb("VmHWM:");
}

double residentMb() {
    return statusMb("VmRSS:");
}

} // namespace atlas::app
