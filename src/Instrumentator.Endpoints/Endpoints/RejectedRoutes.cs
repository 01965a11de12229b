using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Finds the route whose path a request had when routing turned it down for something else, its method for one.</summary>
/// <remarks>Routing answers 405 and 415 by an endpoint of its own, which does not say which routes had the path. So they are asked again here, in the
/// framework's own order: <see cref="RouteEndpoint.Order"/>, then the most specific.</remarks>
internal sealed class RejectedRoutes(IServiceProvider services)
{
    private readonly EndpointDataSource? _source = services.GetService<EndpointDataSource>();
    private readonly ParameterPolicyFactory? _policies = services.GetService<ParameterPolicyFactory>();
    private Known? _known;

    /// <summary>Whether an endpoint is routing's own, which answers 405 or 415. All it has is a name that starts with the status.</summary>
    public static bool IsRejection(Endpoint endpoint) => endpoint is { Metadata.Count: 0, DisplayName: ['4', ..] };

    /// <summary>The endpoint of the first route that has the path; null when there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Its path as it was when it was routed: a branch may have taken off what stands before it.</param>
    public RouteEndpoint? Find(HttpContext context, PathString path)
    {
        try
        {
            return Array.Find(Candidates(), candidate => candidate.Matches(context, path))?.Endpoint;
        }
#pragma warning disable CA1031 // Constraints are the app's own code. What one throws here it did not throw to routing, and the label is not worth the request.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // An endpoint source gives another list when its endpoints change.
    private Candidate[] Candidates()
    {
        if (_source?.Endpoints is not { } endpoints)
            return [];
        var known = Volatile.Read(ref _known);
        if (known is not null && ReferenceEquals(known.Endpoints, endpoints))
            return known.Candidates;
        Candidate[] candidates =
        [
            .. endpoints.OfType<RouteEndpoint>()
                .OrderBy(endpoint => endpoint.Order)
                .ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
                .Select(endpoint => new Candidate(endpoint, _policies)),
        ];
        Volatile.Write(ref _known, new Known(endpoints, candidates));
        return candidates;
    }

    private sealed record Known(IReadOnlyList<Endpoint> Endpoints, Candidate[] Candidates);

    private sealed class Candidate(RouteEndpoint endpoint, ParameterPolicyFactory? policies)
    {
        private readonly TemplateMatcher _matcher = new(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
        private readonly (string Parameter, IRouteConstraint Constraint)[] _constraints = [.. Constraints(endpoint.RoutePattern, policies)];

        public RouteEndpoint Endpoint => endpoint;

        public bool Matches(HttpContext context, PathString path)
        {
            if (!HasLiterals(path.Value ?? ""))
                return false;
            var values = new RouteValueDictionary();
            return HasHost(context.Request)
                && _matcher.TryMatch(path, values)
                && endpoint.RoutePattern.RequiredValues.All(required => IsThere(required, values))
                && Array.TrueForAll(_constraints, one => one.Constraint.Match(context, null, one.Parameter, values, RouteDirection.IncomingRequest));
        }

        private bool HasHost(HttpRequest request) =>
            endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts is not { Count: > 0 } hosts || hosts.Any(host => IsHost(host, request));

        // The patterns of RequireHost: a name or *, with *. before it for what is below, and a port or *.
        private static bool IsHost(string pattern, HttpRequest request)
        {
            var (name, port) = pattern.Split(':') is [var one, var two] ? (one, two) : (pattern, "*");
            var host = request.Host.Host;
            var hasName = name is "" or "*" || (name.StartsWith("*.", StringComparison.Ordinal)
                ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
                : host.Equals(name, StringComparison.OrdinalIgnoreCase));
            var hasPort = port is "*" || port == (request.Host.Port ?? (request.IsHttps ? 443 : 80)).ToString(CultureInfo.InvariantCulture);
            return hasName && hasPort;
        }

        // A conventional MVC route is one endpoint an action, and all of them have the same pattern.
        private static bool IsThere(KeyValuePair<string, object?> required, RouteValueDictionary values) =>
            required.Value is not string { Length: > 0 } name
            || !values.TryGetValue(required.Key, out var found)
            || string.Equals(Convert.ToString(found, CultureInfo.InvariantCulture), name, StringComparison.OrdinalIgnoreCase);

        // Turns nearly all routes down, and without making an object.
        private bool HasLiterals(ReadOnlySpan<char> path)
        {
            foreach (var segment in endpoint.RoutePattern.PathSegments)
            {
                path = path.TrimStart('/');
                var end = path.IndexOf('/') is var slash and >= 0 ? slash : path.Length;
                if (segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } && !path[..end].Equals(literal.Content, StringComparison.OrdinalIgnoreCase))
                    return false;
                path = path[end..];
            }
            return true;
        }

        private static IEnumerable<(string, IRouteConstraint)> Constraints(RoutePattern pattern, ParameterPolicyFactory? policies) =>
            from parameter in pattern.Parameters
            from reference in parameter.ParameterPolicies
            let constraint = policies?.Create(parameter, reference) as IRouteConstraint
            where constraint is not null
            select (parameter.Name, constraint);
    }
}
