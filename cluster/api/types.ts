/**
 * The shapes of Kubernetes objects as they travel in JSON. Field names and nesting are taken, at type level only,
 * from the generated types of @kubernetes/client-node, so that no list of fields is kept by hand.
 */
import type * as k8s from '@kubernetes/client-node';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [field: string]: Json;
}

/** client-node renames fields that are reserved words (`_default`, `_from`, `$ref`) and turns times into Date: undone here. */
type WireName<K> = K extends `_${infer Plain}` ? Plain : K;
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T as WireName<K>]: Wire<T[K]> }
      : T;

export type ObjectMeta = Omit<Wire<k8s.V1ObjectMeta>, 'name'> & { name: string };
export type OwnerReference = Wire<k8s.V1OwnerReference>;

/** Any object the API serves. Objects in the store are frozen: copy before you change one. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

type Kinded<T> = Omit<Wire<T>, 'apiVersion' | 'kind' | 'metadata'> & KubeObject;

export type Namespace = Kinded<k8s.V1Namespace>;
export type Node = Kinded<k8s.V1Node>;
export type Pod = Kinded<k8s.V1Pod>;
export type PodTemplate = Kinded<k8s.V1PodTemplate>;
export type ReplicationController = Kinded<k8s.V1ReplicationController>;
export type Service = Kinded<k8s.V1Service>;
export type Endpoints = Kinded<k8s.V1Endpoints>;
export type EndpointSlice = Kinded<k8s.V1EndpointSlice>;
export type ConfigMap = Kinded<k8s.V1ConfigMap>;
export type Secret = Kinded<k8s.V1Secret>;
export type ServiceAccount = Kinded<k8s.V1ServiceAccount>;
export type Event = Kinded<k8s.CoreV1Event>;
export type ResourceQuota = Kinded<k8s.V1ResourceQuota>;
export type LimitRange = Kinded<k8s.V1LimitRange>;
export type PersistentVolume = Kinded<k8s.V1PersistentVolume>;
export type PersistentVolumeClaim = Kinded<k8s.V1PersistentVolumeClaim>;
export type StorageClass = Kinded<k8s.V1StorageClass>;
export type Deployment = Kinded<k8s.V1Deployment>;
export type ReplicaSet = Kinded<k8s.V1ReplicaSet>;
export type DaemonSet = Kinded<k8s.V1DaemonSet>;
export type StatefulSet = Kinded<k8s.V1StatefulSet>;
export type ControllerRevision = Kinded<k8s.V1ControllerRevision>;
export type Job = Kinded<k8s.V1Job>;
export type CronJob = Kinded<k8s.V1CronJob>;
export type HorizontalPodAutoscaler = Kinded<k8s.V2HorizontalPodAutoscaler>;
export type PodDisruptionBudget = Kinded<k8s.V1PodDisruptionBudget>;
export type PriorityClass = Kinded<k8s.V1PriorityClass>;
export type Lease = Kinded<k8s.V1Lease>;
export type Role = Kinded<k8s.V1Role>;
export type ClusterRole = Kinded<k8s.V1ClusterRole>;
export type RoleBinding = Kinded<k8s.V1RoleBinding>;
export type ClusterRoleBinding = Kinded<k8s.V1ClusterRoleBinding>;
export type NetworkPolicy = Kinded<k8s.V1NetworkPolicy>;
export type Ingress = Kinded<k8s.V1Ingress>;
export type IngressClass = Kinded<k8s.V1IngressClass>;
export type CertificateSigningRequest = Kinded<k8s.V1CertificateSigningRequest>;
export type RuntimeClass = Kinded<k8s.V1RuntimeClass>;

export type PodSpec = Wire<k8s.V1PodSpec>;
export type PodTemplateSpec = Wire<k8s.V1PodTemplateSpec>;
export type PodCondition = Wire<k8s.V1PodCondition>;
export type Container = Wire<k8s.V1Container>;
export type ContainerStatus = Wire<k8s.V1ContainerStatus>;
export type Volume = Wire<k8s.V1Volume>;
export type Taint = Wire<k8s.V1Taint>;
export type Toleration = Wire<k8s.V1Toleration>;
export type Affinity = Wire<k8s.V1Affinity>;
export type NodeSelector = Wire<k8s.V1NodeSelector>;
export type NodeSelectorTerm = Wire<k8s.V1NodeSelectorTerm>;
export type ResourceRequirements = Wire<k8s.V1ResourceRequirements>;
export type LabelSelector = Wire<k8s.V1LabelSelector>;
export type LimitRangeItem = Wire<k8s.V1LimitRangeItem>;
export type PolicyRule = Wire<k8s.V1PolicyRule>;

/** Amounts by resource name, as written: `{cpu: '500m', memory: '1Gi'}`. */
export type ResourceList = Record<string, string>;
