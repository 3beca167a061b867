import type { Ingress, IngressClass } from '../../api/types.ts';
import { newest } from '../newest.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf } from '../request.ts';

const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
/** Older than the field. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  mutate(request, { store }) {
    const ingress = objectOf<Ingress>(request, 'ingresses.networking.k8s.io', 'CREATE');
    if (!ingress || ingress.spec?.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    const classes = store.list<IngressClass>('ingressclasses.networking.k8s.io');
    const found = newest(classes.filter(({ metadata }) => metadata.annotations?.[DEFAULT] === 'true'));
    if (found) ingress.spec = { ...ingress.spec, ingressClassName: found.metadata.name };
  },
};
