namespace Instrumentator;

/// <summary>The three labels of a request. One instance stands for a handler, method and status of a running instrumentation.</summary>
internal sealed class RequestLabels(string handler, string method, string status) : IEquatable<RequestLabels>
{
    public string Handler => handler;

    public string Method => method;

    public string Status => status;

    // Where the metric functions of the instrumentation that made these labels keep the cells they found:
    // so one look-up, of the labels, finds the cells of all of them.
    internal Slot Cells;

    public bool Equals(RequestLabels? other) =>
        other is not null && Handler == other.Handler && Method == other.Method && Status == other.Status;

    public override bool Equals(object? obj) => Equals(obj as RequestLabels);

    public override int GetHashCode() => HashCode.Combine(Handler, Method, Status);
}
