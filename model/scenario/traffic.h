// Who asks a service for what, and when: kinds of requests with what is promised them, growth and surges of
// demand, and how the fleet answers (router, autoscaler). Read from the section `traffic`.
#pragma once

#include "model/catalog/fact.h"

namespace atlas::scenario {

/// Lengths of a kind of request, lognormal: mean, and median over mean (1: all alike).
struct RequestLengths {
    catalog::Sourced inputTokens;
    catalog::Sourced inputMedian;
    catalog::Sourced outputTokens;
    catalog::Sourced outputMedian;
    catalog::Sourced cacheHit; ///< share of the input that the prefix cache holds
};

/// People in a conversation.
struct ChatTraffic {
    catalog::Sourced share; ///< of requests, relative to the other kinds
    RequestLengths lengths;
    catalog::Sourced timeToFirstTokenS;
    catalog::Sourced timePerOutputTokenS;
};

/// Programs that act for people. Mean lengths, cache and promises are the service's own (ServeJob).
struct AgentTraffic {
    catalog::Sourced share;
    catalog::Sourced inputMedian;
    catalog::Sourced outputMedian;
};

/// Work that can wait: it fills the valleys that the others leave.
struct BatchTraffic {
    catalog::Sourced share;
    RequestLengths lengths;
    catalog::Sourced deadlineS; ///< promised; what is older is given up
    catalog::Sourced fill;      ///< load up to which it is let in beside interactive requests
};

/// How requests find a replica. Random: any replica of any class of GPU. LeastLoaded: any class, the emptiest
/// replica as far as the router knows. ClassAware: least loaded, and the strictest requests to the fastest
/// class.
enum class RequestRouting { Random, LeastLoaded, ClassAware };

/// Replicas that take requests follow demand; the others rest.
struct Autoscaling {
    catalog::Sourced minShare; ///< of all replicas
    catalog::Sourced maxShare;
    catalog::Sourced target; ///< load of a replica that is aimed at
    catalog::Sourced delayS; ///< from the wish to a replica that serves
    catalog::Sourced holdS;  ///< a wish for fewer has to last this long
};

struct Traffic {
    catalog::Sourced load;           ///< interactive demand at a weekday's peak over what the fleet carries
    catalog::Sourced ceiling;        ///< the load up to which it grows; beyond, requests go elsewhere
    catalog::Sourced users;          ///< their number instead of `load`; 0: as `load` says
    catalog::Sourced growthPerMonth; ///< factor
    catalog::Sourced burstiness;     ///< sigma of five minutes of demand, relative
    catalog::Sourced surgeEveryS;    ///< mean time between surges
    catalog::Sourced surgeHeight;    ///< mean, over demand without it
    catalog::Sourced surgeS;         ///< mean duration
    catalog::Sourced patienceS;      ///< a request is given up after waiting this long
    catalog::Sourced promiseKept;    ///< share of requests for which a promise has to hold
    catalog::Sourced contextWindow;  ///< tokens; longer inputs are cut to it
    ChatTraffic chat;
    AgentTraffic agent;
    BatchTraffic batch;
    RequestRouting routing = RequestRouting::ClassAware;
    catalog::Sourced routerLagS; ///< how old the loads are that the router acts on
    Autoscaling autoscaling;
};

} // namespace atlas::scenario
