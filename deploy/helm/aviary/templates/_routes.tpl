{{- define "aviary.rule" -}}
{{- ternary "PathPrefix(`/`)" (printf "(Path(`%s`) || PathPrefix(`%s/`))" . .) (eq . "/") -}}
{{- end -}}

{{- define "aviary.routeHead" -}}
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: {{ include "aviary.fullname" .root }}-{{ .name }}
  labels:
    {{- include "aviary.labels" .root | nindent 4 }}
  {{- with .root.Values.ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  entryPoints:
    {{- toYaml .root.Values.ingress.entryPoints | nindent 4 }}
  {{- with .root.Values.ingress.tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
