#include "app/chart_values.h"
#include "app/pages/programme_exhibits.h"
#include "app/programme_values.h"
#include "widgets/format.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("LedgerExhibits", words);
}

const finance::CashFlow* ledger(const Evidence& evidence) {
    const explore::StrategyResult* result =
        shownResult(*evidence.workspace, *evidence.comparison, evidence.programme);
    return result == nullptr ? nullptr : &result->cash;
}

QString shownName(const Evidence& evidence) {
    const explore::StrategyResult* result =
        shownResult(*evidence.workspace, *evidence.comparison, evidence.programme);
    return result == nullptr ? QString() : text(result->name);
}

ComputedTable balanceTable(const Evidence& evidence, std::stop_token) {
    ComputedTable out;
    out.emptyReason = tr("No cash flows in this strategy.");
    out.table.name = QStringLiteral("balance-check");
    out.table.columns = {tr("month"),
                         tr("paid [USD]"),
                         tr("received [USD]"),
                         tr("owner's cash by the ledger [USD]"),
                         tr("by the plan [USD]"),
                         tr("debt by the ledger [USD]"),
                         tr("debt by the plan [USD]"),
                         tr("balances")};
    const finance::CashFlow* cash = ledger(evidence);
    if (cash == nullptr) {
        return out;
    }
    int good = 0;
    for (const finance::MonthCheck& check : cash->checks) {
        good += check.balances() ? 1 : 0;
        out.table.rows.push_back({text(check.month.text()), check.paidUsd, check.receivedUsd,
                                  check.ownerLedgerUsd, check.ownerPlanUsd, check.debtLedgerUsd,
                                  check.debtPlanUsd, check.balances() ? tr("✓ yes") : tr("✗ no")});
    }
    const auto months = static_cast<int>(cash->checks.size());
    out.caption = {
        good == months ? tr("In all %1 months what one pays another receives").arg(months)
                       : tr("%1 of %2 months do not balance").arg(months - good).arg(months),
        tr("%1: all accounts of the ledger against the plan reckoned without it").arg(shownName(evidence)),
        provenance(*evidence.workspace->scenario)};
    return out;
}

ComputedTable paymentTable(const Evidence& evidence, std::stop_token) {
    ComputedTable out;
    out.emptyReason = tr("No payments in this strategy.");
    out.table.name = QStringLiteral("payments");
    out.table.columns = {tr("month"), tr("from"), tr("to"), tr("for"), tr("kind"), tr("paid [USD]")};
    const finance::CashFlow* cash = ledger(evidence);
    if (cash == nullptr) {
        return out;
    }
    for (const finance::CashMonth& month : cash->months) {
        for (const finance::Payment& p : month.payments) {
            if (p.usd != 0.0) {
                out.table.rows.push_back({text(month.month.text()), text(p.from), text(p.to), text(p.what),
                                          finance::isFinancing(p.kind) ? tr("financing") : tr("business"),
                                          p.usd});
            }
        }
    }
    out.caption = {tr("%1 payments, each with two ends")
                       .arg(widgets::countText(static_cast<double>(out.table.rows.size()))),
                   tr("%1: who pays whom for what, by month").arg(shownName(evidence)),
                   provenance(*evidence.workspace->scenario)};
    return out;
}

} // namespace

std::vector<Exhibit> ledgerExhibits() {
    return {{QStringLiteral("balance-check"),
             tr("what all pay and receive by month, and whether it balances"), Basis::Programme,
             TableRecipe{balanceTable}, 2},
            {QStringLiteral("payments"), tr("every payment of a strategy"), Basis::Programme,
             TableRecipe{paymentTable}, 2}};
}

} // namespace atlas::app
