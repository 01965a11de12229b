using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Finds the route that matches the path of a request which routing rejected, for example for its
/// method.</summary>
/// <remarks>Routing answers 405 and 415 with an endpoint of its own, which does not name the routes that match the
/// path, and libraries do the same, as Asp.Versioning does for an unknown version. So this class matches again, in the
/// framework's order: <see cref="RouteEndpoint.Order"/>, then the most specific route. Anyone can send such requests,
/// so it does not try all routes: a tree of their literals yields the few that may match. Results are not cached per
/// routing endpoint: in a branch, that endpoint does not know all routes, and an app's own policies create a new one
/// each time.</remarks>
internal sealed class RejectedRoutes(IServiceProvider services)
{
    private readonly EndpointDataSource? _source = services.GetService<EndpointDataSource>();
    private readonly ParameterPolicyFactory? _policies = services.GetService<ParameterPolicyFactory>();
    private Known? _known;

    /// <summary>Whether an endpoint that is no route rejects a request: it has only a name, which starts with the
    /// status code.</summary>
    public static bool IsRejection(Endpoint endpoint) =>
        endpoint is { Metadata.Count: 0, DisplayName: ['4' or '5', ..] };

    /// <summary>Whether an endpoint is no route of the app, although it is a <see cref="RouteEndpoint"/>: a policy of
    /// routing made it, with an empty pattern, to answer in place of a route.</summary>
    /// <remarks>The routes that an app maps have metadata. Those of its own endpoint sources may have none, and are
    /// recognized by reference.</remarks>
    public bool IsNoRoute(RouteEndpoint endpoint) =>
        endpoint is { Metadata.Count: 0, RoutePattern.PathSegments.Count: 0 }
        && _source is not null
        && !Candidates().Find(default).Exists(candidate => ReferenceEquals(candidate.Endpoint, endpoint));

    /// <summary>Returns the endpoint of the first route that matches the path; null when there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The path at the time of routing: a branch may have removed its beginning.</param>
    public RouteEndpoint? Find(HttpContext context, PathString path)
    {
        try
        {
            var (filled, firstEmpty) = Fill(path);
            var candidates = Candidates().Find(filled);
            candidates.Sort(static (one, other) => one.Rank.CompareTo(other.Rank));
            return candidates
                .Find(candidate => firstEmpty >= candidate.Rest && candidate.Matches(context, filled))
                ?.Endpoint;
        }
        // Endpoint sources are the app's own code.
#pragma warning disable CA1031 // One that throws here did not throw in routing, and the label is not worth the request.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // In routing, only a catch-all matches an empty segment. TemplateMatcher matches no path that has one, so a
    // placeholder replaces it.
    private static (PathString Filled, int FirstEmpty) Fill(PathString path)
    {
        if (path.Value?.Contains("//", StringComparison.Ordinal) is not true)
            return (path, int.MaxValue);
        var segments = path.Value[1..].Split('/');
        var firstEmpty = Array.IndexOf(segments, "");
        return ("/" + string.Join('/', segments.Select((segment, i) =>
            segment.Length == 0 && i < segments.Length - 1 ? "-" : segment)), firstEmpty);
    }

    // An endpoint source returns another list when its endpoints change.
    private PathTree<Candidate> Candidates()
    {
        if (_source?.Endpoints is not { } endpoints)
            return new();
        var known = Volatile.Read(ref _known);
        if (known is not null && ReferenceEquals(known.Endpoints, endpoints))
            return known.Candidates;
        var candidates = new PathTree<Candidate>();
        var ordered = endpoints
            .OfType<RouteEndpoint>()
            .Where(IsMatched)
            .OrderBy(endpoint => endpoint.Order)
            .ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence);
        foreach (var (rank, endpoint) in ordered.Index())
            candidates.Add(endpoint.RoutePattern, new Candidate(rank, endpoint, _policies));
        Volatile.Write(ref _known, new Known(endpoints, candidates));
        return candidates;
    }

    // MVC has endpoints that only generate links.
    private static bool IsMatched(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is not { SuppressMatching: true };

    private sealed record Known(IReadOnlyList<Endpoint> Endpoints, PathTree<Candidate> Candidates);

    private sealed class Candidate(int rank, RouteEndpoint endpoint, ParameterPolicyFactory? policies)
    {
        private readonly TemplateMatcher _matcher = new(
            new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
        private readonly (string Parameter, IRouteConstraint Constraint)[] _constraints =
            [.. Constraints(endpoint.RoutePattern, policies)];

        /// <summary>Gets the position in routing's order.</summary>
        public int Rank => rank;

        public RouteEndpoint Endpoint => endpoint;

        /// <summary>Gets the index of the catch-all segment; <see cref="int.MaxValue"/> when there is none.</summary>
        public int Rest { get; } = RestOf(endpoint.RoutePattern);

        public bool Matches(HttpContext context, PathString path)
        {
            var values = new RouteValueDictionary();
            return HasHost(context.Request)
                && _matcher.TryMatch(path, values)
                && endpoint.RoutePattern.RequiredValues.All(required => IsThere(required, values))
                && Array.TrueForAll(_constraints, one =>
                    one.Constraint.Match(context, null, one.Parameter, values, RouteDirection.IncomingRequest));
        }

        private bool HasHost(HttpRequest request) =>
            endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts is not { Count: > 0 } hosts
            || hosts.Any(host => IsHost(host, request));

        // The patterns of RequireHost: a name or *, preceded by *. for subdomains, and a port or *.
        private static bool IsHost(string pattern, HttpRequest request)
        {
            var (name, port) = pattern.Split(':') is [var one, var two] ? (one, two) : (pattern, "*");
            var host = request.Host.Host;
            var hasName = name is "" or "*" || (name.StartsWith("*.", StringComparison.Ordinal)
                ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
                : host.Equals(name, StringComparison.OrdinalIgnoreCase));
            var hasPort = port is "*"
                || port == (request.Host.Port ?? (request.IsHttps ? 443 : 80)).ToString(CultureInfo.InvariantCulture);
            return hasName && hasPort;
        }

        // A conventional MVC route has one endpoint per action, all with the same pattern.
        private static bool IsThere(KeyValuePair<string, object?> required, RouteValueDictionary values) =>
            required.Value is not string { Length: > 0 } name
            || !values.TryGetValue(required.Key, out var found)
            || string.Equals(
                Convert.ToString(found, CultureInfo.InvariantCulture), name, StringComparison.OrdinalIgnoreCase);

        private static int RestOf(RoutePattern pattern) =>
            pattern.PathSegments is [.., { Parts: [RoutePatternParameterPart { IsCatchAll: true }] }]
                ? pattern.PathSegments.Count - 1
                : int.MaxValue;

        private static IEnumerable<(string, IRouteConstraint)> Constraints(
            RoutePattern pattern, ParameterPolicyFactory? policies) =>
            from parameter in pattern.Parameters
            from reference in parameter.ParameterPolicies
            let constraint = policies?.Create(parameter, reference) as IRouteConstraint
            where constraint is not null && IsPure(constraint)
            select (parameter.Name, constraint);

        // A constraint of the app or of another library may be slow, count its calls or change the request, so it runs
        // only in routing.
        private static bool IsPure(IRouteConstraint constraint) => constraint switch
        {
            OptionalRouteConstraint optional => IsPure(optional.InnerConstraint),
            CompositeRouteConstraint composite => composite.Constraints.All(IsPure),
            _ => constraint.GetType().Assembly == typeof(OptionalRouteConstraint).Assembly,
        };
    }
}
