{{/* The pod of a server that we did not write, up to its volumes: (dict "root" $ "name" "nats" "user" 10001 "values" .Values.nats). */}}
{{- define "aviary.server" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "aviary.podSecurity" .user | nindent 2 }}
{{- end -}}

{{- define "aviary.claimTemplate" -}}
volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .root.Values.storage.className }}
      storageClassName: {{ . }}
      {{- end }}
      resources: {requests: {storage: {{ .size }}}}
{{- end -}}

{{- define "aviary.serverHead" -}}
metadata:
  name: {{ include "aviary.fullname" .root }}-{{ .name }}
  labels:
    {{- include "aviary.labels" .root | nindent 4 }}
    {{- include "aviary.selector" (dict "root" .root "name" .name) | nindent 4 }}
{{- end -}}

{{- define "aviary.serverSpec" -}}
serviceName: {{ include "aviary.fullname" .root }}-{{ .name }}
replicas: 1
selector:
  matchLabels:
    {{- include "aviary.selector" (dict "root" .root "name" .name) | nindent 4 }}
{{- end -}}

{{- define "aviary.serverLabels" -}}
labels:
  {{- include "aviary.labels" .root | nindent 2 }}
  {{- include "aviary.selector" (dict "root" .root "name" .name) | nindent 2 }}
{{- end -}}
