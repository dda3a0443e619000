#include "model/scenario/check.h"

namespace atlas::scenario {

namespace {

void checkContract(const Scenario& scenario, const Contract& contract, Checker& check) {
    const std::string path = "contracts." + contract.id;
    if (contract.end < contract.start) {
        check.error(path + ".end",
                    "the contract ends in " + contract.end.text() + ", before it starts in " +
                        contract.start.text(),
                    "give `end` a later month");
    }
    if (contract.start <= contract.end && contract.end < scenario.start) {
        check.warning(path + ".end",
                      "the contract ends in " + contract.end.text() + ", before the scenario starts in " +
                          scenario.start.text() + ": it never pays",
                      "give `end` a later month, or `start` of the scenario an earlier one");
    }
    if (contract.noticeGiven.index != 0 && contract.noticeGiven < contract.start) {
        check.error(path + ".notice_given",
                    "notice is given in " + contract.noticeGiven.text() + ", before the contract starts in " +
                        contract.start.text(),
                    "give `notice_given` a later month");
    }
    const auto pays = [&]() -> std::pair<bool, std::string> {
        switch (contract.kind) {
        case ContractKind::MonthlyFee:
            return {contract.usdPerMonth.value > 0, "give `usd_per_month`"};
        case ContractKind::PerGpuHour:
            return {contract.usdPerGpuHour.value > 0, "give `usd_per_gpu_hour`"};
        case ContractKind::RevenueShare:
            break;
        }
        return {contract.revenueShare.value > 0 || contract.minimumUsdPerMonth.value > 0,
                "give `revenue_share` or `minimum`"};
    }();
    if (!pays.first) {
        check.warning(path, "the contract pays nothing", pays.second);
    }
    if (contract.slaCredit.value > 0 && contract.slaTarget.value == 0) {
        check.warning(path + ".sla_credit", "there is a service credit but nothing is promised",
                      "give `sla_target`");
    }
    if (!contract.alternativeTo.empty()) {
        check.known(path + ".alternative_to", "contract", contract.alternativeTo, scenario.contracts);
    }
}

void checkRun(const Scenario& scenario, const ModelRun& run, Checker& check) {
    const std::string path = "runs." + run.id;
    if (!run.job.empty()) {
        check.known(path + ".job", "training job", run.job, scenario.trainJobs);
    } else if (run.flop.value <= 0) {
        check.error(path, "the run has no budget", "give `flop`, or the `job` whose tokens it reads");
    }
}

} // namespace

void checkMoney(const Scenario& scenario, Checker& check) {
    for (const Contract& contract : scenario.contracts) {
        checkContract(scenario, contract, check);
    }
    for (const ModelRun& run : scenario.runs) {
        checkRun(scenario, run, check);
    }
    const Financing& f = scenario.financing;
    if (f.equityUsd.value > 0 && f.equityMonth < scenario.start) {
        check.error("financing.equity_month",
                    "shares are sold in " + f.equityMonth.text() + ", before the start in " +
                        scenario.start.text(),
                    "give a month from " + scenario.start.text() + " on, or add the money to starting_cash");
    }
}

} // namespace atlas::scenario
