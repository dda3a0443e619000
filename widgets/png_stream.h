// PNG files written row by row: a picture may be larger than memory.
#pragma once

#include <QByteArray>
#include <QIODevice>
#include <QImage>
#include <QSize>

#include <memory>

namespace atlas::widgets {

/// A PNG of 8 bits a channel (ISO/IEC 15948), the same bytes for the same pixels and parts.
class PngStream {
public:
    /// Begins the file. `transparent` keeps the alpha of the rows; `description` is kept in the file.
    PngStream(QIODevice& device, QSize size, bool transparent, const QString& description);
    ~PngStream();
    PngStream(const PngStream&) = delete;
    PngStream& operator=(const PngStream&) = delete;

    /// The next rows, as wide as the picture. False where the device takes no more.
    bool write(const QImage& rows);
    /// Ends the file. False where the device takes no more or rows are missing.
    bool finish();

private:
    struct Deflater;

    void chunk(const char* type, const QByteArray& content);
    void deflated(const QByteArray& bytes, bool last);
    [[nodiscard]] QByteArray filtered(const uchar* row) const;

    QIODevice& m_device;
    QSize m_size;
    int m_channels;
    int m_written = 0; ///< rows
    bool m_good = true;
    QByteArray m_above; ///< the last row's bytes
    std::unique_ptr<Deflater> m_deflater;
};

} // namespace atlas::widgets
