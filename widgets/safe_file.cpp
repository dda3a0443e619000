#include "widgets/safe_file.h"

#include <QSaveFile>

namespace atlas::widgets {

Diagnostics writeSafely(const QString& path, const QByteArray& content) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        return failure("cannot write " + path.toStdString() + ": " + file.errorString().toStdString(),
                       "check that the folder exists, may be written to and has room");
    }
    return {};
}

} // namespace atlas::widgets
