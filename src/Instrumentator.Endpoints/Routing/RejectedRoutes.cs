using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Finds the route whose path a request had when routing turned it down for something else, its method for one.</summary>
/// <remarks>Routing answers 405 and 415 by an endpoint of its own, which does not say which routes had the path. So they are asked again here, in the
/// framework's own order: <see cref="RouteEndpoint.Order"/>, then the most specific. Anybody can send such requests, so not all routes are asked: a tree of their literals tells the few that
/// may have the path. Routing's endpoint is no key for what was found: in a branch it does not know all routes, and policies of an app's own make a new one each time.</remarks>
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
            var (filled, firstEmpty) = Fill(path);
            var candidates = Candidates().Find(filled);
            candidates.Sort(static (one, other) => one.Rank.CompareTo(other.Rank));
            return candidates.Find(candidate => firstEmpty >= candidate.Rest && candidate.Matches(context, filled))?.Endpoint;
        }
#pragma warning disable CA1031 // Constraints are the app's own code. What one throws here it did not throw to routing, and the label is not worth the request.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // Routing takes what is empty between two slashes for part of a catch-all, and for nothing else. The matcher of templates takes it for no path at all, so it gets a stand-in.
    private static (PathString Filled, int FirstEmpty) Fill(PathString path)
    {
        if (path.Value?.Contains("//", StringComparison.Ordinal) is not true)
            return (path, int.MaxValue);
        var segments = path.Value[1..].Split('/');
        var firstEmpty = Array.IndexOf(segments, "");
        return ("/" + string.Join('/', segments.Select((segment, i) => segment.Length == 0 && i < segments.Length - 1 ? "-" : segment)), firstEmpty);
    }

    // An endpoint source gives another list when its endpoints change.
    private PathTree<Candidate> Candidates()
    {
        if (_source?.Endpoints is not { } endpoints)
            return new();
        var known = Volatile.Read(ref _known);
        if (known is not null && ReferenceEquals(known.Endpoints, endpoints))
            return known.Candidates;
        var candidates = new PathTree<Candidate>();
        var ordered = endpoints.OfType<RouteEndpoint>().OrderBy(endpoint => endpoint.Order).ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence);
        foreach (var (rank, endpoint) in ordered.Index())
            candidates.Add(endpoint.RoutePattern, new Candidate(rank, endpoint, _policies));
        Volatile.Write(ref _known, new Known(endpoints, candidates));
        return candidates;
    }

    private sealed record Known(IReadOnlyList<Endpoint> Endpoints, PathTree<Candidate> Candidates);

    private sealed class Candidate(int rank, RouteEndpoint endpoint, ParameterPolicyFactory? policies)
    {
        private readonly TemplateMatcher _matcher = new(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
        private readonly (string Parameter, IRouteConstraint Constraint)[] _constraints = [.. Constraints(endpoint.RoutePattern, policies)];

        /// <summary>Its place in the order in which routing asks.</summary>
        public int Rank => rank;

        public RouteEndpoint Endpoint => endpoint;

        /// <summary>The place of the segment that takes all the rest; beyond all where there is none.</summary>
        public int Rest { get; } = RestOf(endpoint.RoutePattern);

        public bool Matches(HttpContext context, PathString path)
        {
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

        private static int RestOf(RoutePattern pattern) =>
            pattern.PathSegments is [.., { Parts: [RoutePatternParameterPart { IsCatchAll: true }] }] ? pattern.PathSegments.Count - 1 : int.MaxValue;

        private static IEnumerable<(string, IRouteConstraint)> Constraints(RoutePattern pattern, ParameterPolicyFactory? policies) =>
            from parameter in pattern.Parameters
            from reference in parameter.ParameterPolicies
            let constraint = policies?.Create(parameter, reference) as IRouteConstraint
            where constraint is not null
            select (parameter.Name, constraint);
    }
}
