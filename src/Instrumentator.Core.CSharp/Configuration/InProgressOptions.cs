namespace Instrumentator;

/// <summary>The gauge of requests in progress.</summary>
public sealed record InProgressOptions
{
    /// <summary>The whole name.</summary>
    /// <value>The default is <c>http_requests_inprogress</c>.</value>
    public string Name { get; init; } = "http_requests_inprogress";

    /// <summary>The help text.</summary>
    public string Help { get; init; } = "Number of HTTP requests in progress.";

    /// <summary>Whether series have the labels <c>method</c> and <c>handler</c>.</summary>
    /// <value>The default is false: one gauge for all.</value>
    public bool Labels { get; init; }

    /// <summary>The labels that come from the request, in this order, under names of one's own choice; the status is none, as it is not known yet.</summary>
    /// <value>The default is null: those that <see cref="Labels"/> says, which is ignored otherwise.</value>
    public ValueList<RequestLabel>? RequestLabels { get; init; }

    /// <summary>Labels with values that never change.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];

    /// <summary>Whether there is a gauge for each route, and not one for all.</summary>
    internal bool IsByRoute => RequestLabels is { } chosen ? chosen.Count > 0 : Labels;
}
