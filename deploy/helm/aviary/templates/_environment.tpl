{{/* What a service is told about the world: the same variables as deploy/local's environment.py computes. */}}
{{- define "aviary.environment" -}}
{{- $root := .root -}}
{{- $name := .name -}}
{{- $service := .service -}}
{{- $full := include "aviary.fullname" $root -}}
{{- $deployed := include "aviary.deployed" $root | fromJson -}}
{{- $env := dict "AVIARY_SERVICE" $name "AVIARY_LISTEN" "0.0.0.0:8000" "AVIARY_DRAIN_S" (toString $root.Values.drainSeconds) "PYTHONUNBUFFERED" "1" -}}
{{- if $service.login }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_USERNAME") }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_PASSWORD") }}
{{- end }}
{{- if $service.configPassword }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_CONFIG_PASSWORD") }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_CONFIG_PASSWORD_OLD" "optional" true) }}
{{- end }}
{{- if $service.schema }}
{{- $key := printf "AVIARY_DATABASE_PASSWORD_%s" (include "aviary.upper" $service.schema) }}
{{ include "aviary.fromSecret" (dict "root" $root "key" $key) }}
{{- $parameters := ternary (printf "?%s" $root.Values.postgres.parameters) "" (ne $root.Values.postgres.parameters "") }}
{{- $_ := set $env "AVIARY_DATABASE_URL" (printf "postgresql+psycopg://%s:$(%s)@%s:%v/%s%s" $service.role $key (include "aviary.postgresHost" $root) $root.Values.postgres.port (include "aviary.topology" $root | fromJson).database $parameters) }}
{{- end }}
{{- if $service.cache }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_VALKEY_PASSWORD") }}
{{- $_ := set $env "AVIARY_VALKEY_URL" (include "aviary.valkey" $root) }}
{{- end }}
{{- if $service.publish }}
{{ include "aviary.fromSecret" (dict "root" $root "key" (printf "AVIARY_NATS_PASSWORD_%s" (include "aviary.upper" $name)) "as" "AVIARY_NATS_PASSWORD") }}
{{- $_ := set $env "AVIARY_NATS_SERVERS" (include "aviary.natsServers" $root) }}
{{- $_ := set $env "AVIARY_NATS_USER" $name }}
{{- if gt (int $root.Values.nats.replicas) 1 }}{{ $_ := set $env "AVIARY_NATS_REPLICAS" (toString $root.Values.nats.replicas) }}{{ end }}
{{- end }}
{{- if $service.bots }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_NATS_AUTH_PASSWORD") }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_NATS_OPS_PASSWORD") }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_NATS_CALLOUT_SEED") }}
{{- $_ := set $env "AVIARY_BOTS_BROKER" $root.Values.docker.broker }}
{{- $_ := set $env "DOCKER_HOST" $root.Values.docker.host }}
{{- if $root.Values.docker.tlsSecret }}
{{- $_ := set $env "DOCKER_TLS_VERIFY" "1" }}
{{- $_ := set $env "DOCKER_CERT_PATH" "/etc/aviary/docker" }}
{{- end }}
{{- with $root.Values.docker.botsHostDir }}{{ $_ := set $env "AVIARY_BOTS_HOST_DIR" . }}{{ end }}
{{- with $root.Values.docker.gatewayHostDir }}{{ $_ := set $env "AVIARY_GATEWAY_HOST_DIR" . }}{{ end }}
{{- end }}
{{- if eq $name "gateway-proxy" }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_GATEWAY_PASSPHRASE") }}
{{- with $root.Values.gateway.url }}{{ $_ := set $env "AVIARY_GATEWAY_URL" . }}{{ end }}
{{- if $root.Values.gateway.certificatesSecret }}
{{ include "aviary.fromSecret" (dict "root" $root "key" "AVIARY_GATEWAY_CERTIFICATES_PASSPHRASE" "optional" true) }}
{{- $_ := set $env "AVIARY_GATEWAY_CERTIFICATES" "/etc/aviary/gateway" }}
{{- end }}
{{- end }}
{{- if eq $name "mqtt-edge" }}
{{- $_ := set $env "AVIARY_MQTT_LISTEN" "0.0.0.0:1883" }}
{{- $_ := set $env "AVIARY_NATS_MQTT" (include "aviary.natsMqtt" $root) }}
{{- end }}
{{- if and $service.exchanges $root.Values.sandbox.enabled }}
{{- $venues := dict }}
{{- range $connector, $venue := (include "aviary.topology" $root | fromJson).venues }}
{{- $_ := set $venues $connector (printf "http://%s-%s:8000" $full $venue) }}
{{- end }}
{{- $_ := set $env "AVIARY_EXCHANGE_BASE_URLS" (toJson $venues) }}
{{- end }}
{{- if $service.directory }}
{{- $behind := dict }}
{{- range $other, $its := $deployed }}
{{- if and $its.prefixes (not $its.directory) }}{{ $_ := set $behind $other (printf "http://%s-%s:8000" $full $other) }}{{ end }}
{{- end }}
{{- $_ := set $env "AVIARY_PORTAL_SERVICES" (toJson $behind) }}
{{- end }}
{{- if $service.candles }}
{{- $_ := set $env "AVIARY_MARKET_DATA_URL" (printf "http://%s-market-data:8000" $full) }}
{{- end }}
{{- range $variable, $folder := $service.folders }}
{{- $_ := set $env $variable (printf "/var/lib/aviary/%s" $folder) }}
{{- end }}
{{- $chosen := mergeOverwrite (deepCopy $root.Values.env) (deepCopy .settings.env) }}
{{- range $variable, $value := mergeOverwrite $chosen $env }}
- name: {{ $variable }}
  value: {{ toString $value | quote }}
{{- end }}
{{- end -}}
