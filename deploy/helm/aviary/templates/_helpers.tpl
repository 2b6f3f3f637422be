{{/* Names, labels, and the tables of what runs. "deployed" and "settings" give JSON: read them with fromJson. */}}

{{- define "aviary.fullname" -}}
{{- if contains "aviary" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-aviary" (.Release.Name | trunc 33 | trimSuffix "-") }}{{- end -}}
{{- end -}}

{{- define "aviary.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/part-of: aviary
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* "selector" takes (dict "root" $ "name" "trading"); without a name it selects every pod of the release. */}}
{{- define "aviary.selector" -}}
app.kubernetes.io/name: aviary
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .name }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "aviary.topology" -}}
{{- .Files.Get "files/topology.yaml" | fromYaml | toJson -}}
{{- end -}}

{{/* The services of the topology that these values ask for. */}}
{{- define "aviary.deployed" -}}
{{- $root := . -}}
{{- $found := dict -}}
{{- range $name, $service := (include "aviary.topology" . | fromJson).services -}}
  {{- $wanted := true -}}
  {{- if or $service.bots (eq $name "mqtt-edge") -}}{{- $wanted = ne $root.Values.docker.host "" -}}{{- end -}}
  {{- if eq $name "sandbox-exchange" -}}{{- $wanted = $root.Values.sandbox.enabled -}}{{- end -}}
  {{- if $wanted -}}{{- $_ := set $found $name $service -}}{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* services.<name> over defaults, for (dict "root" $ "name" "trading"). */}}
{{- define "aviary.settings" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (index .root.Values.services .name | default dict)) | toJson -}}
{{- end -}}

{{/* The most replicas that may run at once, for (dict "service" $service "settings" $settings). */}}
{{- define "aviary.most" -}}
{{- if and .settings.autoscaling.enabled (gt (int .service.replicasMax) 1) -}}{{ .settings.autoscaling.max }}{{- else -}}{{ .settings.replicas }}{{- end -}}
{{- end -}}

{{- define "aviary.secret" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-secrets" (include "aviary.fullname" .)) -}}
{{- end -}}

{{- define "aviary.image" -}}
{{- $path := printf "%s/%s:%s" .root.Values.image.repository .name (.root.Values.image.tag | default .root.Chart.AppVersion) -}}
{{- with .root.Values.image.registry }}{{ printf "%s/" (trimSuffix "/" .) }}{{ end }}{{ $path -}}
{{- end -}}

{{- define "aviary.postgresHost" -}}
{{- if .Values.postgres.inChart -}}{{ include "aviary.fullname" . }}-postgres{{- else -}}{{ .Values.postgres.host }}{{- end -}}
{{- end -}}

{{- define "aviary.natsServers" -}}
{{- if .Values.nats.inChart -}}nats://{{ include "aviary.fullname" . }}-nats:4222{{- else -}}{{ .Values.nats.servers }}{{- end -}}
{{- end -}}

{{- define "aviary.natsMqtt" -}}
{{- if .Values.nats.inChart -}}{{ include "aviary.fullname" . }}-nats:1883{{- else -}}{{ .Values.nats.mqtt }}{{- end -}}
{{- end -}}

{{- define "aviary.valkey" -}}
{{- $where := ternary (printf "%s-valkey:6379" (include "aviary.fullname" .)) (printf "%s:%v" .Values.valkey.host .Values.valkey.port) .Values.valkey.inChart -}}
{{- $scheme := ternary "rediss" "redis" (and (not .Values.valkey.inChart) .Values.valkey.tls) -}}
{{ $scheme }}://:$(AVIARY_VALKEY_PASSWORD)@{{ $where }}/0
{{- end -}}

{{/* What Pod Security's "restricted" asks for, and a root file system that cannot be written to. */}}
{{- define "aviary.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "aviary.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* One environment variable from the Secret. */}}
{{- define "aviary.fromSecret" -}}
- name: {{ .as | default .key }}
  valueFrom: {secretKeyRef: {name: {{ include "aviary.secret" .root }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }}}}
{{- end -}}

{{- define "aviary.upper" -}}{{ . | replace "-" "_" | upper }}{{- end -}}
