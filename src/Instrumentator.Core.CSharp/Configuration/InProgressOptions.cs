namespace Instrumentator;

/// <summary>The options of the gauge of requests in progress.</summary>
public sealed record InProgressOptions
{
    /// <summary>The full name.</summary>
    /// <value>The default is <c>http_requests_inprogress</c>.</value>
    public string Name { get; init; } = "http_requests_inprogress";

    /// <summary>The help text.</summary>
    public string Help { get; init; } = "Number of HTTP requests in progress.";

    /// <summary>Whether series have the labels <c>method</c> and <c>handler</c>.</summary>
    /// <value>The default is false: one series for all requests.</value>
    public bool Labels { get; init; }

    /// <summary>The labels with values from the request, in this order, with any names. The status is not allowed,
    /// because it is not known yet.</summary>
    /// <value>The default is null: <see cref="Labels"/> selects them. Otherwise it is ignored.</value>
    public ValueList<RequestLabel>? RequestLabels { get; init; }

    /// <summary>Labels with constant values.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];

    /// <summary>Whether each route has a gauge of its own, instead of one for all.</summary>
    internal bool IsByRoute => RequestLabels is { } chosen ? chosen.Count > 0 : Labels;
}
