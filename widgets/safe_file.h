// Files that are whole or not there at all.
#pragma once

#include "model/core/result.h"

#include <QByteArray>
#include <QString>

namespace atlas::widgets {

/// That a file cannot be written, and what to do.
[[nodiscard]] Diagnostics cannotWrite(const QString& path, const QString& why);

/// Writes through a temporary in the same folder that is renamed at the end: no half file ever carries the
/// final name. Returns no diagnostics on success.
[[nodiscard]] Diagnostics writeSafely(const QString& path, const QByteArray& content);

} // namespace atlas::widgets
