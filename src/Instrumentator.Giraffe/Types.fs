// Abbreviations of the core's types, so that an app needs only `open Instrumentator.Giraffe`.
namespace Instrumentator.Giraffe

/// What is measured, how, and where it is kept: rules, metric functions and a registry in one immutable value.
type Instrumentation = Instrumentator.Instrumentation

/// All rules of what is recorded and under which labels, in one immutable value.
type Config = Instrumentator.Config

/// The treatment of a request that matches no route: `Untemplated.Group "none"`, `Untemplated.Ignore` or
/// `Untemplated.Path 100`.
type Untemplated = Instrumentator.Untemplated

/// The form of a route template as handler label: `HandlerTemplate.Names` or `HandlerTemplate.Raw`.
type HandlerTemplate = Instrumentator.HandlerTemplate

/// The treatment of a request whose client disconnects: `ClientAborts.Status499`, `ClientAborts.OwnGroup` or
/// `ClientAborts.AsAnswered`.
type ClientAborts = Instrumentator.ClientAborts

/// The source of body sizes: `BodySizes.ContentLength` or `BodySizes.Actual`.
type BodySizes = Instrumentator.BodySizes

/// A label whose value comes from the request: `RequestLabel.Handler`, `RequestLabel.Status.As "code"`,
/// `RequestLabel.RouteValue "controller"`.
type RequestLabel = Instrumentator.RequestLabel

/// The request as a label function reads it.
type RequestView = Instrumentator.RequestView

/// One finished request, as metric functions receive it.
type Info = Instrumentator.Info

/// A store of metric families: `Registry()` creates one, `Registry.Default` is the one of the process.
type Registry = Instrumentator.Registry

/// The options of the metrics endpoint.
type ScrapeOptions = Instrumentator.ScrapeOptions

/// The options of the live page.
type PageOptions = Instrumentator.PageOptions

/// A counter of your own: `counter.Increment()`.
type Counter = Instrumentator.Counter

/// A gauge of your own: `gauge.Set 3.0`.
type Gauge = Instrumentator.Gauge

/// A histogram of your own: `histogram.Observe 0.25`.
type Histogram = Instrumentator.Histogram

/// A summary of your own: `summary.Observe 512.0`.
type Summary = Instrumentator.Summary

/// A metric family of your own, with a series for each combination of label values: `family.With("DE", "card")`.
type Family<'Cell when 'Cell :> Instrumentator.Cell> = Instrumentator.Family<'Cell>

/// The native buckets of a histogram: `NativeBuckets()` or `NativeBuckets.FromFactor 1.1`.
type NativeBuckets = Instrumentator.NativeBuckets

/// The options of a histogram of your own: `HistogramOptions(Native = NativeBuckets())`.
type HistogramOptions = Instrumentator.HistogramOptions

/// Lists of upper bounds: `Buckets.Default`, `Buckets.Linear(10.0, 10.0, 5)`, `Buckets.Exponential(0.01, 2.0, 10)`.
type Buckets = Instrumentator.Buckets

/// A label with a constant value: `Label("service", "api")`.
type Label = Instrumentator.Label

/// An immutable list that compares by value, as the options of the C# core have it.
type ValueList<'T> = Instrumentator.ValueList<'T>

/// Creates lists for the options of the C# core: `ValueList.From [ 0.1; 1.0 ]`.
type ValueList = Instrumentator.ValueList
