using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Reads gRPC methods and calls of <c>Grpc.AspNetCore</c> without a reference to it.</summary>
/// <remarks>The trimmer follows constant names, so it keeps these properties in an app that has gRPC. Where one is
/// missing, nothing is known.</remarks>
internal static class GrpcCalls
{
    /// <summary>The metadata of an endpoint that is a gRPC method.</summary>
    public const string Metadata = "Grpc.AspNetCore.Server.GrpcMethodMetadata";

    // The first value of Grpc.Core.MethodType.
    private const int Unary = 0;

    /// <summary>Returns whether a method is a streaming one; null when its metadata does not tell.</summary>
    public static bool? IsStreaming(object metadata) =>
        Number(Value(Method.Type, Value(Method.Of, metadata))) is { } type ? type != Unary : null;

    /// <summary>Returns the status code that a call has on the server; null when the request is no gRPC
    /// call.</summary>
    public static int? StatusOf(HttpContext context) =>
        Call.Feature is { } feature && context.Features[feature] is { } call
            ? Number(Value(Call.StatusCode, Value(Call.Status, Value(Call.Context, call))))
            : null;

    private static object? Value(PropertyInfo? property, object? source) =>
        property?.DeclaringType?.IsInstanceOfType(source) is true ? property.GetValue(source) : null;

    private static int? Number(object? value) =>
        value is Enum ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;

    // Loads gRPC, so only for endpoints that have its metadata.
    private static class Method
    {
        public static readonly PropertyInfo? Of =
            System.Type.GetType("Grpc.AspNetCore.Server.GrpcMethodMetadata, Grpc.AspNetCore.Server")
                ?.GetProperty("Method");

        public static readonly PropertyInfo? Type =
            System.Type.GetType("Grpc.Core.IMethod, Grpc.Core.Api")?.GetProperty("Type");
    }

    // Only for apps that have the label.
    private static class Call
    {
        public static readonly Type? Feature =
            Type.GetType("Grpc.AspNetCore.Server.IServerCallContextFeature, Grpc.AspNetCore.Server");

        public static readonly PropertyInfo? Context =
            Type.GetType("Grpc.AspNetCore.Server.IServerCallContextFeature, Grpc.AspNetCore.Server")
                ?.GetProperty("ServerCallContext");

        public static readonly PropertyInfo? Status =
            Type.GetType("Grpc.Core.ServerCallContext, Grpc.Core.Api")?.GetProperty("Status");

        public static readonly PropertyInfo? StatusCode =
            Type.GetType("Grpc.Core.Status, Grpc.Core.Api")?.GetProperty("StatusCode");
    }
}
