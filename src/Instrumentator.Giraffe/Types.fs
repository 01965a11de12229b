// The core's values under their own names: `open Instrumentator.Giraffe` is all that an app needs.
namespace Instrumentator.Giraffe

/// What is measured, how, and where it is kept: rules, metric functions and registry in one immutable value.
type Instrumentation = Instrumentator.Instrumentation

/// Every rule of what is recorded and under which labels, as one immutable value.
type Config = Instrumentator.Config

/// What becomes of a request that matched no route: `Untemplated.Group "none"`, `Untemplated.Ignore` or `Untemplated.Path 100`.
type Untemplated = Instrumentator.Untemplated

/// How a route template becomes the handler label: `HandlerTemplate.Names` or `HandlerTemplate.Raw`.
type HandlerTemplate = Instrumentator.HandlerTemplate

/// What becomes of a request whose client hung up: `ClientAborts.Status499`, `ClientAborts.OwnGroup` or `ClientAborts.AsAnswered`.
type ClientAborts = Instrumentator.ClientAborts

/// What the sizes of bodies are taken from: `BodySizes.ContentLength` or `BodySizes.Actual`.
type BodySizes = Instrumentator.BodySizes

/// A label whose value each request brings: `RequestLabel.Handler`, `RequestLabel.Status.As "code"`, `RequestLabel.RouteValue "controller"`.
type RequestLabel = Instrumentator.RequestLabel

/// The request as the function of a label reads it.
type RequestView = Instrumentator.RequestView

/// One finished request as metric functions get it.
type Info = Instrumentator.Info

/// Where metrics are kept: `Registry()` makes one, `Registry.Default` is that of the process.
type Registry = Instrumentator.Registry

/// What the metrics endpoint lets one choose.
type ScrapeOptions = Instrumentator.ScrapeOptions
