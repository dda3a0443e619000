#include "app/cli/programme_json.h"

#include "app/cli/headline_text.h"

namespace atlas::cli {

using Json = nlohmann::ordered_json;

namespace {

Json months(const finance::CashFlow& cash) {
    Json out = Json::array();
    for (const finance::CashMonth& month : cash.months) {
        Json entities = Json::object();
        for (const auto& [name, entity] : month.entities) {
            entities[name] = {
                {"cash_in_usd", entity.in}, {"cash_out_usd", entity.out}, {"balance_usd", entity.balance}};
        }
        out.push_back({{"month", month.month.text()}, {"entities", std::move(entities)}});
    }
    return out;
}

Json optionalNumber(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

} // namespace

Json programmeJson(const explore::Programme& programme) {
    Json headline = Json::object();
    for (const explore::Headline& row : programme.rows) {
        headline[row.key] = headlineJson(row);
    }
    Json tranches = Json::array();
    for (const finance::CashFlow::Funded& t : programme.cash.tranches) {
        tranches.push_back({{"name", t.tranche},
                            {"due", t.due.text()},
                            {"funded", t.ever ? Json(t.funded.text()) : Json()},
                            {"usd", t.usd}});
    }
    Json models = Json::array();
    for (const explore::RunDate& run : programme.runs) {
        models.push_back({{"name", run.name},
                          {"flop", run.flop},
                          {"begin_months", optionalNumber(run.beginMonths)},
                          {"done_months", optionalNumber(run.doneMonths)},
                          {"present_worth_usd", run.presentUsd}});
    }
    Json training = Json::array();
    for (const explore::Stint& stint : programme.stints) {
        training.push_back({{"model", stint.run.empty() ? Json() : Json(stint.run)},
                            {"job", stint.job},
                            {"cluster", stint.cluster},
                            {"from_months", stint.fromMonths},
                            {"until_months", stint.untilMonths},
                            {"flop", stint.flop}});
    }
    return {{"strategy", programme.name},           {"months", months(programme.cash)},
            {"headline", std::move(headline)},      {"tranches", std::move(tranches)},
            {"models", std::move(models)},          {"training", std::move(training)},
            {"balances", programme.cash.balances()}};
}

std::string ledgerCsv(const finance::CashFlow& cash) {
    std::string out = "month,payer,payee,kind,what,usd\n";
    for (const finance::CashMonth& month : cash.months) {
        for (const finance::Payment& p : month.payments) {
            out += month.month.text() + ',' + quoted(p.from) + ',' + quoted(p.to) + ',' +
                   quoted(std::string(finance::paymentName(p.kind))) + ',' + quoted(p.what) + ',' +
                   digits(p.usd) + '\n';
        }
    }
    return out;
}

} // namespace atlas::cli
