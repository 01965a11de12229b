namespace Instrumentator;

/// <summary>The options of the live page.</summary>
/// <remarks>Immutable. Invalid values cause an <see cref="InvalidConfigException"/> when the page is mapped.</remarks>
/// <example><code>app.MapInstrumentatorPage(options: new() { Title = "shop, blue" });</code></example>
public sealed record PageOptions
{
    /// <summary>Gets the instrumentation whose metrics the page shows.</summary>
    /// <value>The default is null: that of the app, as for <c>MapInstrumentator</c>.</value>
    public Instrumentation? Instrumentation { get; init; }

    /// <summary>Gets the name of the app on the page.</summary>
    /// <value>The default is null: the application name of the host.</value>
    public string? Title { get; init; }

    /// <summary>Gets the maximum number of handlers, counted once for each method, that have a history. Requests of
    /// all further ones are shown together.</summary>
    /// <value>The default is 1,000; from 1 to 10,000.</value>
    /// <remarks>It bounds the memory of the history: docs/live-page.md has the bytes.</remarks>
    public int MaxHandlers { get; init; } = 1_000;

    /// <summary>Gets the maximum number of series of the app's own metrics that have a history. Further series are not
    /// shown, and the page tells how many there are.</summary>
    /// <value>The default is 500; from 0 to 10,000.</value>
    public int MaxOwnSeries { get; init; } = 500;

    /// <summary>Whether anybody who reaches a page outside endpoint routing may see it, as of <c>writePage</c> in
    /// Giraffe's own router.</summary>
    /// <value>The default is false: outside Development, only requests of authenticated users are answered.</value>
    /// <remarks>Has no effect on <c>MapInstrumentatorPage</c>, where the conventions of the endpoint decide, for
    /// example <c>AllowAnonymous</c>.</remarks>
    public bool AllowAnonymous { get; init; }

    /// <summary>Returns the options themselves.</summary>
    /// <exception cref="InvalidConfigException">A value is invalid; the exception lists all errors.</exception>
    internal PageOptions Checked()
    {
        InvalidConfigException.ThrowIfAny(ValueList.From(Validate()));
        return this;
    }

    private IEnumerable<string> Validate()
    {
        if (MaxHandlers is < 1 or > 10_000)
            yield return FormattableString.Invariant($"MaxHandlers is {MaxHandlers}. Use 1 to 10,000.");
        if (MaxOwnSeries is < 0 or > 10_000)
            yield return FormattableString.Invariant($"MaxOwnSeries is {MaxOwnSeries}. Use 0 to 10,000.");
    }
}
