#include "widgets/safe_file.h"

#include <QSaveFile>

namespace atlas::widgets {

Diagnostics cannotWrite(const QString& path, const QString& why) {
    return failure("cannot write " + path.toStdString() + ": " + why.toStdString(),
                   "check that the folder exists, may be written to and has room");
}

Diagnostics writeSafely(const QString& path, const QByteArray& content) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        return cannotWrite(path, file.errorString());
    }
    return {};
}

} // namespace atlas::widgets
