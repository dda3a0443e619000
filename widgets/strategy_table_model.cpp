#include "widgets/strategy_table_model.h"

#include "model/explore/difference.h"
#include "widgets/format.h"

namespace atlas::widgets {

using explore::Better;
using explore::Headline;

QString outsideMark() {
    return text(std::string(validation::kMark));
}

StrategyTableModel::StrategyTableModel(QObject* parent)
    : QAbstractTableModel(parent) {}

void StrategyTableModel::setComparison(const explore::Comparison& comparison) {
    // Ranges arrive after central values: the same columns stay, and with them selection and scroll position.
    bool same = comparison.strategies.size() == m_comparison.strategies.size();
    for (std::size_t i = 0; same && i < comparison.strategies.size(); ++i) {
        same = comparison.strategies[i].id == m_comparison.strategies[i].id &&
               comparison.strategies[i].headline.size() == m_comparison.strategies[i].headline.size();
    }
    if (same) {
        m_comparison = comparison;
        if (rowCount() > 0 && columnCount() > 0) {
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        }
        return;
    }
    beginResetModel();
    m_comparison = comparison;
    endResetModel();
}

void StrategyTableModel::setSides(const QString& idA, const QString& idB) {
    m_sides[0] = idA;
    m_sides[1] = idB;
    emit headerDataChanged(Qt::Horizontal, 0, std::max(0, columnCount() - 1));
}

std::optional<Side> StrategyTableModel::sideOf(int column) const {
    for (const Side side : kSides) {
        if (!m_sides[widgets::index(side)].isEmpty() && m_sides[widgets::index(side)] == strategyId(column)) {
            return side;
        }
    }
    return std::nullopt;
}

void StrategyTableModel::setStart(scenario::Month start) {
    m_start = start;
    if (rowCount() > 0 && columnCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

void StrategyTableModel::setBase(const QString& id) {
    m_base = id;
    if (rowCount() > 0 && columnCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
    emit headerDataChanged(Qt::Horizontal, 0, std::max(0, columnCount() - 1));
}

int StrategyTableModel::baseColumn() const {
    return std::max(0, columnOf(m_base));
}

QString StrategyTableModel::strategyId(int column) const {
    return column >= 0 && column < columnCount()
               ? text(m_comparison.strategies[static_cast<std::size_t>(column)].id)
               : QString();
}

int StrategyTableModel::columnOf(const QString& id) const {
    for (int c = 0; c < columnCount(); ++c) {
        if (strategyId(c) == id) {
            return c;
        }
    }
    return -1;
}

int StrategyTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || m_comparison.strategies.empty()
               ? 0
               : static_cast<int>(m_comparison.strategies.front().headline.size());
}

int StrategyTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_comparison.strategies.size());
}

const Headline* StrategyTableModel::headline(int row, int column) const {
    if (row < 0 || column < 0 || column >= columnCount()) {
        return nullptr;
    }
    const auto& headlines = m_comparison.strategies[static_cast<std::size_t>(column)].headline;
    return static_cast<std::size_t>(row) < headlines.size() ? &headlines[static_cast<std::size_t>(row)]
                                                            : nullptr;
}

bool StrategyTableModel::wins(int row, int column) const {
    if (headline(row, column) == nullptr) {
        return false;
    }
    return explore::winner(m_comparison, static_cast<std::size_t>(row)) == static_cast<std::size_t>(column);
}

std::optional<double> StrategyTableModel::difference(int row, int column) const {
    const Headline* ours = headline(row, column);
    const Headline* base = headline(row, baseColumn());
    if (column == baseColumn() || ours == nullptr || base == nullptr || !ours->value || !base->value) {
        return std::nullopt;
    }
    return *ours->value - *base->value;
}

QString StrategyTableModel::caveat(int row, int column) const {
    const Headline* h = headline(row, column);
    if (h == nullptr || !h->value) {
        return {};
    }
    const auto& strategy = m_comparison.strategies[static_cast<std::size_t>(column)];
    return text(strategy.validity.of(h->key).allWords());
}

QVariant StrategyTableModel::data(const QModelIndex& at, int role) const {
    const Headline* h = headline(at.row(), at.column());
    if (h == nullptr) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return h->value ? headlineText(*h->value, *h, m_start) +
                              (caveat(at.row(), at.column()).isEmpty() ? QString() : outsideMark())
                        : notApplicable();
    case CaveatRole:
        return caveat(at.row(), at.column());
    case RangeRole:
        return headlineRangeText(*h, m_start);
    case DifferenceRole: {
        const auto d = difference(at.row(), at.column());
        return d && *d != 0.0 ? headlineDifferenceText(*d, *h) : QString();
    }
    case DirectionRole: {
        const auto d = difference(at.row(), at.column());
        if (!d || *d == 0.0 || h->better == Better::Neither) {
            return 0;
        }
        return (*d > 0) == (h->better == Better::Higher) ? 1 : -1;
    }
    case WinnerRole:
        return wins(at.row(), at.column());
    case ValueRole:
        return h->value ? QVariant(*h->value) : QVariant();
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole: {
        QString words = headerData(at.column(), Qt::Horizontal).toString() + QStringLiteral(", ") +
                        text(h->label) + QStringLiteral(": ") + data(at, Qt::DisplayRole).toString();
        if (const QString range = headlineRangeText(*h, m_start); !range.isEmpty()) {
            words += tr(", 5 to 95 % range %1").arg(range);
        }
        if (const QString d = data(at, DifferenceRole).toString(); !d.isEmpty()) {
            words += tr(", %1 from %2").arg(d, headerData(baseColumn(), Qt::Horizontal).toString());
        }
        if (wins(at.row(), at.column())) {
            words += tr(", better than every other beyond its range");
        }
        if (const QString outside = caveat(at.row(), at.column()); !outside.isEmpty()) {
            words += tr(". Outside what was checked: %1").arg(outside);
        }
        return words;
    }
    default:
        return {};
    }
}

QVariant StrategyTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    if (orientation == Qt::Horizontal) {
        return section >= 0 && section < columnCount()
                   ? text(m_comparison.strategies[static_cast<std::size_t>(section)].name)
                   : QVariant();
    }
    const Headline* h = headline(section, 0);
    return h != nullptr ? text(h->label) : QVariant();
}

bool StrategyTableModel::marked() const {
    for (int r = 0; r < rowCount(); ++r) {
        for (int c = 0; c < columnCount(); ++c) {
            if (!caveat(r, c).isEmpty()) {
                return true;
            }
        }
    }
    return false;
}

DataTable StrategyTableModel::table() const {
    DataTable out;
    out.name = QStringLiteral("strategies");
    out.columns = {tr("key"), tr("headline"), tr("unit")};
    for (int c = 0; c < columnCount(); ++c) {
        const QString name = headerData(c, Qt::Horizontal).toString();
        out.columns
            << name << tr("%1, low").arg(name) << tr("%1, high").arg(name)
            << tr("%1, difference from %2").arg(name, headerData(baseColumn(), Qt::Horizontal).toString())
            << tr("%1, clearly best").arg(name) << tr("%1, outside what was checked").arg(name);
    }
    for (int r = 0; r < rowCount(); ++r) {
        const Headline* first = headline(r, 0);
        QVariantList row = {text(first->key), text(first->label), text(first->unit)};
        for (int c = 0; c < columnCount(); ++c) {
            const Headline* h = headline(r, c);
            const auto d = difference(r, c);
            const bool there = h != nullptr && h->value.has_value();
            row << (there ? QVariant(*h->value) : QVariant()) << (there ? QVariant(h->low) : QVariant())
                << (there ? QVariant(h->high) : QVariant()) << (d ? QVariant(*d) : QVariant())
                << (wins(r, c) ? tr("yes") : QString()) << caveat(r, c);
        }
        out.rows.push_back(row);
    }
    return out;
}

} // namespace atlas::widgets
