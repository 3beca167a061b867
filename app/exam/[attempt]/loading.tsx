export { LoadingPage as default } from '../../_ui/loading-page.tsx';
