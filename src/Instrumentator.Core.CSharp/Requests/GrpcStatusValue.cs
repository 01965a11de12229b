using System.Globalization;

namespace Instrumentator;

/// <summary>The value of the label <c>grpc_status</c>: the name of a gRPC status code, or nothing.</summary>
/// <remarks>The names are those of gRPC's own metrics (https://github.com/grpc/proposal, A66). The set is closed: a
/// server that this app forwards to may send any text.</remarks>
internal sealed class GrpcStatusValue : BoundedValue
{
    private const int None = 0;
    private const int Other = 1;
    private const int First = 2;

    // In the order of the codes, from 0.
    private static readonly string[] _texts =
    [
        "",
        MethodLabel.Other,
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    public override int Count => _texts.Length;

    public override string this[int place] => _texts[place];

    public override int IndexOf(in LabelSource source, out Exception? exception)
    {
        exception = null;
        return source.Request.GrpcStatus is { } code ? IndexOf(code) : None;
    }

    private static int IndexOf(string code) =>
        byte.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && First + number < _texts.Length
            ? First + number
            : Other;
}
