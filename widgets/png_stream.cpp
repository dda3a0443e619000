#include "widgets/png_stream.h"

#include <zlib.h>

#include <QtEndian>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace atlas::widgets {

namespace {

constexpr int kLevel = 6;                // zlib's own choice between time and size
constexpr qsizetype kPiece = 256 * 1024; // bytes of a chunk of pixels
constexpr char kTrueColour = 2;
constexpr char kTrueColourAlpha = 6;
/// Filters of a row: which bytes are subtracted before it is packed.
enum Filter : char { None = 0, Sub = 1, Up = 2 };

QByteArray bigEndian(quint32 value) {
    QByteArray bytes(4, Qt::Uninitialized);
    qToBigEndian(value, bytes.data());
    return bytes;
}

} // namespace

struct PngStream::Deflater {
    z_stream stream{};
    QByteArray out = QByteArray(kPiece, Qt::Uninitialized);
    bool good = deflateInit(&stream, kLevel) == Z_OK;
    Deflater() { rewind(); }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    void rewind() {
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
    }
};

PngStream::PngStream(QIODevice& device, QSize size, bool transparent, const QString& description)
    : m_device(device)
    , m_size(size)
    , m_channels(transparent ? 4 : 3)
    , m_above(qsizetype(size.width()) * m_channels, '\0')
    , m_deflater(std::make_unique<Deflater>()) {
    m_good = m_deflater->good && m_device.write(QByteArray("\x89PNG\r\n\x1a\n", 8)) == 8;
    QByteArray header =
        bigEndian(static_cast<quint32>(size.width())) + bigEndian(static_cast<quint32>(size.height()));
    header += '\x08'; // bits a channel
    header += transparent ? kTrueColourAlpha : kTrueColour;
    header += QByteArray(3, '\0'); // deflate, filters by row, rows from the top
    chunk("IHDR", header);
    chunk("iTXt", QByteArray("Description\0\0\0\0\0", 16) + description.toUtf8());
}

PngStream::~PngStream() = default;

void PngStream::chunk(const char* type, const QByteArray& content) {
    const QByteArray named = QByteArray(type, 4) + content;
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(named.constData()), static_cast<uInt>(named.size()));
    const QByteArray whole =
        bigEndian(static_cast<quint32>(content.size())) + named + bigEndian(static_cast<quint32>(sum));
    m_good = m_good && m_device.write(whole) == whole.size();
}

void PngStream::deflated(const QByteArray& bytes, bool last) {
    z_stream& stream = m_deflater->stream;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData())); // zlib's older interface
    stream.avail_in = static_cast<uInt>(bytes.size());
    int state = Z_OK;
    while (m_good && (stream.avail_in > 0 || (last && state != Z_STREAM_END))) {
        state = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END) {
            m_good = false;
        } else if (stream.avail_out == 0 || state == Z_STREAM_END) {
            chunk("IDAT", m_deflater->out.left(m_deflater->out.size() - qsizetype(stream.avail_out)));
            m_deflater->rewind();
        }
    }
}

QByteArray PngStream::filtered(const uchar* row) const {
    // The filter whose differences are smallest, as the standard advises (12.8).
    const qsizetype bytes = m_above.size();
    const auto* above = reinterpret_cast<const uchar*>(m_above.constData());
    std::array<QByteArray, 3> tries;
    std::array<qint64, 3> sums{};
    for (const char filter : {None, Sub, Up}) {
        const auto f = static_cast<std::size_t>(filter);
        tries[f].resize(bytes + 1);
        tries[f][0] = filter;
        char* const out = tries[f].data() + 1;
        for (qsizetype i = 0; i < bytes; ++i) {
            const int before = filter == Sub  ? (i >= m_channels ? row[i - m_channels] : 0)
                               : filter == Up ? above[i]
                                              : 0;
            out[i] = static_cast<char>(row[i] - before);
            sums[f] += std::abs(static_cast<signed char>(out[i]));
        }
    }
    return tries[static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin())];
}

bool PngStream::write(const QImage& rows) {
    if (rows.width() != m_size.width() || m_written + rows.height() > m_size.height()) {
        m_good = false;
    }
    const QImage plain =
        rows.convertToFormat(m_channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888);
    for (int y = 0; m_good && y < plain.height(); ++y) {
        deflated(filtered(plain.constScanLine(y)), false);
        m_above = QByteArray(reinterpret_cast<const char*>(plain.constScanLine(y)), m_above.size());
        ++m_written;
    }
    return m_good;
}

bool PngStream::finish() {
    if (m_written != m_size.height()) {
        m_good = false;
    }
    deflated({}, true);
    chunk("IEND", {});
    return m_good;
}

} // namespace atlas::widgets
