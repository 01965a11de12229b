namespace Instrumentator;

/// <summary>The labels of a route, a method and a status for one thread alone; and so are the cells that metric functions find for them.</summary>
/// <param name="route">The route.</param>
/// <param name="labels">The same for all threads.</param>
/// <param name="thread">The thread's number as a writer.</param>
internal sealed class OwnLabels(Route route, RequestLabels labels, int thread)
    : RequestLabels(labels.Handler, labels.Method, labels.Status, labels.RouteValues, labels.Listed, labels.UsualStatuses, thread)
{
    public Route Route => route;
}
