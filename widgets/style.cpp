#include "widgets/style.h"

#include "widgets/colours.h"

#include <QApplication>
#include <QHash>
#include <QProxyStyle>
#include <QStyleFactory>

namespace atlas::widgets {

namespace {

/// Fusion without the habits a style sheet cannot reach.
class AtlasStyle : public QProxyStyle {
public:
    AtlasStyle()
        : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        switch (hint) {
        case SH_EtchDisabledText:
        case SH_DitherDisabledText:
            return 0;
        case SH_ToolTip_WakeUpDelay:
            return 350;
        case SH_Slider_AbsoluteSetButtons:
            return Qt::LeftButton;
        default:
            return QProxyStyle::styleHint(hint, option, widget, data);
        }
    }

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
        switch (metric) {
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
            return 16;
        case PM_SplitterWidth:
            return 1;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
        }
    }
};

constexpr auto kSheet = R"(
QMainWindow, QDialog { background: @ground; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QFrame[look="panel"], QWidget[look="panel"] { background: @panel; border: none; }
QFrame[look="card"] { background: @raised; border: 1px solid @line; border-radius: @radius; }

QToolTip { background: @raised; color: @text; border: 1px solid @strongLine; padding: 5px 7px; }

QMenuBar { background: @panel; color: @text; border-bottom: 1px solid @line; }
QMenuBar::item { background: transparent; padding: 4px 9px; }
QMenuBar::item:selected { background: @selection; }
QMenu { background: @raised; color: @text; border: 1px solid @strongLine; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 10px; border-radius: 3px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }

QPushButton { background: transparent; color: @text; border: 1px solid @strongLine; border-radius: @radius; padding: 4px 10px; }
QPushButton:hover { background: @selection; }
QPushButton:pressed { background: @line; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @disabled; border-color: @line; }
QPushButton[look="primary"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[look="primary"]:hover { background: @accentHover; }
QPushButton[look="primary"]:focus { border-color: @text; }
QPushButton[look="quiet"] { border-color: transparent; color: @quiet; padding: 3px 6px; }
QPushButton[look="quiet"]:hover { color: @text; background: @selection; }
QPushButton[look="quiet"]:focus { border-color: @accent; }
QPushButton[look="link"] { border: 1px solid transparent; color: @accent; padding: 1px 0; text-align: left; }
QPushButton[look="link"]:hover, QPushButton[look="link"]:focus { text-decoration: underline; background: transparent; }
QToolButton { background: transparent; color: @quiet; border: 1px solid transparent; border-radius: @radius; padding: 3px; }
QToolButton:hover { background: @selection; color: @text; }
QToolButton:pressed, QToolButton:checked { background: @selection; color: @text; }
QToolButton:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[look="tab"] { padding: 3px 8px; }
QToolButton[look="tab"]:checked { background: transparent; color: @text; border: 1px solid transparent; border-bottom: 2px solid @accent; border-radius: 0; padding: 3px 8px 2px 8px; }

QLineEdit, QPlainTextEdit, QTextEdit { background: @raised; color: @text; border: 1px solid @strongLine; border-radius: @radius; padding: 4px 7px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }

QAbstractItemView { background: @panel; color: @text; border: none; outline: 0; alternate-background-color: @panel; selection-background-color: @selection; selection-color: @text; gridline-color: @line; }
QTableView::item { padding-left: 5px; padding-right: 5px; }
QListView::item:selected, QTableView::item:selected, QTreeView::item:selected { background: @selection; color: @text; }
QListView::item:hover { background: @hover; }
QHeaderView { background: @panel; border: none; }
QHeaderView::section { background: @panel; color: @quiet; border: none; border-bottom: 1px solid @line; padding: 4px 8px; font-weight: normal; }
QTableCornerButton::section { background: @panel; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: @strongLine; border-radius: 3px; margin: 2px; min-width: 24px; min-height: 24px; }
QScrollBar::handle:hover { background: @quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabWidget::pane { border: none; }
QTabBar::tab { background: transparent; color: @quiet; border: none; border-bottom: 2px solid transparent; padding: 6px 7px 5px 7px; }
QTabWidget > QTabBar { left: 4px; }
QTabBar { qproperty-drawBase: 0; }
QTabWidget > QWidget { background: @panel; }
QCheckBox::indicator { width: 11px; height: 11px; border: 1px solid @quiet; border-radius: 3px; background: @raised; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/atlas/icons/check.svg); }
QCheckBox:focus { color: @accent; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QDockWidget { color: @quiet; }
QDockWidget::title { background: @panel; padding: 6px 12px; text-align: left; }

QStatusBar { background: @panel; color: @quiet; border-top: 1px solid @line; }
QStatusBar::item { border: none; }
QProgressBar { background: @line; border: none; border-radius: 1px; max-height: 2px; }
QProgressBar::chunk { background: @accent; }
QCheckBox, QRadioButton { color: @text; spacing: 7px; }
QComboBox { background: transparent; color: @text; border: 1px solid @strongLine; border-radius: @radius; padding: 3px 14px 3px 8px; }
QComboBox:hover { background: @selection; }
QComboBox:focus { border-color: @accent; }
QComboBox::drop-down { border: none; width: 16px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @strongLine; }
)";

} // namespace

QPalette palette(const scenes::Theme& theme) {
    const QColor disabled = mixed(theme.panel, theme.quietText, 0.6);
    QPalette p;
    p.setColor(QPalette::Window, theme.panel);
    p.setColor(QPalette::WindowText, theme.text);
    p.setColor(QPalette::Base, theme.panel);
    p.setColor(QPalette::AlternateBase, theme.selection);
    p.setColor(QPalette::Text, theme.text);
    p.setColor(QPalette::PlaceholderText, theme.quietText);
    p.setColor(QPalette::Button, theme.raised);
    p.setColor(QPalette::ButtonText, theme.text);
    p.setColor(QPalette::BrightText, mixed(theme.accent, theme.text, 0.18));
    p.setColor(QPalette::Highlight, theme.accent);
    p.setColor(QPalette::HighlightedText, theme.onAccent);
    p.setColor(QPalette::ToolTipBase, theme.raised);
    p.setColor(QPalette::ToolTipText, theme.text);
    p.setColor(QPalette::Link, theme.accent);
    p.setColor(QPalette::LinkVisited, theme.quietText);
    p.setColor(QPalette::Light, mixed(theme.line, theme.quietText, 0.3));
    p.setColor(QPalette::Midlight, mixed(theme.panel, theme.selection, 0.6));
    p.setColor(QPalette::Mid, theme.line);
    p.setColor(QPalette::Dark, disabled);
    p.setColor(QPalette::Shadow, theme.ground);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, disabled);
    }
    return p;
}

QString styleSheet(const scenes::Theme& theme) {
    // Colours by their role, as palette() gives them: with another theme the sheet stays as it is.
    static const QHash<QString, QString> values = {
        {"strongLine", "palette(light)"},
        {"accentHover", "palette(bright-text)"},
        {"disabled", "palette(dark)"},
        {"hover", "palette(midlight)"},
        {"selection", "palette(alternate-base)"},
        {"onAccent", "palette(highlighted-text)"},
        {"accent", "palette(highlight)"},
        {"ground", "palette(shadow)"},
        {"panel", "palette(window)"},
        {"raised", "palette(button)"},
        {"quiet", "palette(link-visited)"},
        {"radius", QStringLiteral("%1px").arg(theme.cornerRadius)},
        {"line", "palette(mid)"},
        {"text", "palette(window-text)"},
    };
    // Every name starts with '@' and ends where its letters end.
    const QString sheet = QString::fromLatin1(kSheet);
    QString out;
    out.reserve(sheet.size() * 2);
    for (qsizetype i = 0; i < sheet.size(); ++i) {
        if (sheet[i] != '@') {
            out += sheet[i];
            continue;
        }
        qsizetype end = i + 1;
        while (end < sheet.size() && sheet[end].isLetter()) {
            ++end;
        }
        const auto value = values.constFind(sheet.mid(i + 1, end - i - 1));
        Q_ASSERT(value != values.constEnd());
        out += *value;
        i = end - 1;
    }
    return out;
}

void applyStyle(QApplication& application, const scenes::Theme& theme) {
    if (application.property("atlasStyle").toBool()) {
        application.setPalette(palette(theme));
        application.setStyleSheet(styleSheet(theme));
        return;
    }
    application.setProperty("atlasStyle", true);
    application.setStyle(new AtlasStyle); // the application owns it
    application.setFont(theme.font(scenes::TextRole::Body));
    // Platform themes give some classes a font of their own; they speak in the program's.
    for (const char* name : {"QMenuBar", "QMenu", "QToolButton", "QPushButton", "QMessageBox", "QHeaderView",
                             "QAbstractItemView", "QTipLabel", "QTabBar", "QComboBox", "QLineEdit",
                             "QAbstractSpinBox", "QCheckBox"}) {
        QApplication::setFont(theme.font(scenes::TextRole::Body), name);
    }
    application.setPalette(palette(theme));
    application.setStyleSheet(styleSheet(theme));
}

} // namespace atlas::widgets
