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
