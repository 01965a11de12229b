namespace Instrumentator;

/// <summary>A value that a label reads from each request: one of a bounded number of texts, whatever clients
/// send.</summary>
/// <remarks>Compared by value. Safe for use by many threads.</remarks>
internal abstract class BoundedValue
{
    /// <summary>The number of possible texts.</summary>
    public abstract int Count { get; }

    /// <summary>The function of the app that reads the value, for logs; null when there is none.</summary>
    public virtual Delegate? Function => null;

    /// <summary>Gets a text by its index.</summary>
    public abstract string this[int place] { get; }

    /// <summary>Returns the index of a request's text; 0 when there is none. Allocates nothing for a known
    /// text.</summary>
    /// <param name="source">The request.</param>
    /// <param name="exception">The exception that the function threw; the index is then 0.</param>
    public abstract int IndexOf(in LabelSource source, out Exception? exception);

    /// <summary>Returns the value as a running instrumentation uses it.</summary>
    /// <param name="errorTypes">The types of exceptions that became label values in its registry.</param>
    public virtual BoundedValue Start(CappedTexts errorTypes) => this;

    /// <summary>Returns all errors, each with the way to correct it; an empty list when the value is valid.</summary>
    /// <param name="label">The name of the label that has the value.</param>
    /// <param name="reserved">A text that no label value may be.</param>
    public virtual IEnumerable<string> Validate(string label, string reserved) => [];
}

/// <summary>What the value of a label is read from.</summary>
/// <param name="Request">The request.</param>
/// <param name="StatusCode">The status code that the client got; 0 while the request is in progress.</param>
/// <param name="Exception">The exception that escaped the app, if any.</param>
internal readonly record struct LabelSource(
    RequestView Request, int StatusCode = 0, Exception? Exception = null);
